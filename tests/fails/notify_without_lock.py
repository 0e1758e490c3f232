"""Finding: ThreadCrashed

Who notifies does not hold the lock.
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
            while self.balance < amount:
                self.changed.wait()
            self.balance -= amount


def setup():
    return Account()


def payer(account):
    account.deposit(10)


def shopper(account):
    account.withdraw(10)


threads = (shopper, payer)
