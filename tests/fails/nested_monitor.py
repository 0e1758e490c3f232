"""Finding: Deadlock

The wait lets go of the inner lock and keeps the outer one, which who would notify needs.
"""

import threading


class Account:
    def __init__(self):
        self.balance = 0
        self.bank = threading.Lock()
        self.changed = threading.Condition()

    def deposit(self, amount):
        with self.bank:
            with self.changed:
                self.balance += amount
                self.changed.notify()

    def withdraw(self, amount):
        with self.bank:
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


def at_end(account):
    return account.balance == 0
