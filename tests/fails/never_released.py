"""Finding: OrphanedLock

The last one out leaves the lock taken, and nobody comes after.
"""

import threading


class Bank:
    def __init__(self):
        self.balance = 100
        self.lock = threading.Lock()


def setup():
    return Bank()


def one(bank):
    bank.lock.acquire()
    bank.balance -= 10


threads = (one,)
