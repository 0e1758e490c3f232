"""`wait_for` is handed a function, which it asks again after each wait."""

import threading


class Account:
    def __init__(self):
        self.balance = 0
        self.changed = threading.Condition()

    def deposit(self, amount):
        with self.changed:
            self.balance += amount
            self.changed.notify()

    def withdraw(self, amount):
        with self.changed:
            self.changed.wait_for(lambda: self.balance >= amount)
            self.balance -= amount


def setup():
    return Account()


def payer(account):
    account.deposit(10)


def shopper(account):
    account.withdraw(10)


threads = (shopper, payer)


def at_end(account):
    return account.balance == 0
