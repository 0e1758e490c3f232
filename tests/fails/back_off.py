"""Finding: Livelock

Who does not get the second lock tries again, and does not let go of the first.
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
    first.acquire()
    while not second.acquire(blocking=False):
        pass


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
