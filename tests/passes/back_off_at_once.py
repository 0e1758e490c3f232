"""Who does not get the second lock lets go of the first, and tries again at once.

Survives: there is no end to how often both can be refused.
"""

import threading


class Bank:
    def __init__(self):
        self.balance = 0
        self.lock = threading.Lock()


def setup():
    return Bank()


other = threading.Lock()


def take(first, second):
    while True:
        first.acquire()
        if second.acquire(blocking=False):
            return
        first.release()


def one(bank):
    take(bank.lock, other)
    bank.balance += 1
    other.release()
    bank.lock.release()


def two(bank):
    take(other, bank.lock)
    bank.balance += 1
    bank.lock.release()
    other.release()


threads = (one, two)


def at_end(bank):
    return bank.balance == 2
