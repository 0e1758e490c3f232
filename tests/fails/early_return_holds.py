"""Finding: OrphanedLock

A return leaves between acquire and release.
"""

import threading


class TooMuch(Exception):
    pass


class Bank:
    def __init__(self):
        self.balance = 100
        self.lock = threading.Lock()

    def withdraw(self, amount):
        self.lock.acquire()
        if amount > self.balance:
            return
        self.balance -= amount
        self.lock.release()


def setup():
    return Bank()


def one(bank):
    try:
        bank.withdraw(1000)
    except TooMuch:
        pass


def two(bank):
    bank.withdraw(10)


threads = (one, two)


def at_end(bank):
    return bank.balance == 90
