"""`wait_for` returns with the money there, and it is taken under the same lock."""

import threading


class Account:
    def __init__(self):
        self.balance = 10
        self.changed = threading.Condition()

    def deposit(self, amount):
        with self.changed:
            self.balance += amount
            self.changed.notify_all()

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


threads = (shopper, shopper, payer)


def always(account):
    return account.balance >= 0
