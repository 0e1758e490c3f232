"""Finding: StaleCheck

The money that a withdrawal has waited for is gone by the time it wakes: `if` around the wait.
"""

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
            if self.balance < amount:
                self.changed.wait()
            self.balance -= amount


def setup():
    return Account()


def payer(account):
    account.deposit(10)
    account.deposit(10)


def shopper(account):
    account.withdraw(10)


threads = (shopper, shopper, payer)


def always(account):
    return account.balance >= 0
