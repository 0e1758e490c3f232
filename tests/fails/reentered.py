"""Finding: SelfDeadlock

A Lock is taken again by its own holder.
"""

import threading


class Bank:
    def __init__(self):
        self.balance = 100
        self.lock = threading.Lock()

    def withdraw(self, amount):
        with self.lock:
            self.balance -= amount

    def fee(self):
        with self.lock:
            self.withdraw(1)


def setup():
    return Bank()


def one(bank):
    bank.fee()


def two(bank):
    bank.withdraw(10)


threads = (one, two)


def at_end(bank):
    return bank.balance == 89
