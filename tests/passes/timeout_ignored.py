"""Who does not get the lock tries again.

Survives: there is no end to how often the time can be over.
"""

import threading


class Bank:
    def __init__(self):
        self.balance = 100


lock = threading.Lock()
other = threading.Lock()


def setup():
    return Bank()


def one(bank):
    while not lock.acquire(timeout=1):
        pass
    bank.balance -= 10
    lock.release()


def two(bank):
    with lock:
        bank.balance -= 10


threads = (one, two)


def at_end(bank):
    return bank.balance == 80
