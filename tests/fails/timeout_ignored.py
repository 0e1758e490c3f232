"""Finding: LostUpdate

Who does not get the lock in time goes on without it.
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
    taken = lock.acquire(timeout=1)
    bank.balance -= 10
    if taken:
        lock.release()


def two(bank):
    with lock:
        bank.balance -= 10


threads = (one, two)


def at_end(bank):
    return bank.balance == 80
