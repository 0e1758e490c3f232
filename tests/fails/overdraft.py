"""Finding: StaleCheck

The funds are checked outside the lock.
"""

import threading


class Bank:
    def __init__(self):
        self.balance = 100
        self.lock = threading.Lock()

    def withdraw(self, amount):
        if self.balance >= amount:
            with self.lock:
                self.balance -= amount


def setup():
    return Bank()


def one(bank):
    bank.withdraw(60)


def two(bank):
    bank.withdraw(70)


threads = (one, two)


def always(bank):
    return bank.balance >= 0
