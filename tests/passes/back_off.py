"""Who does not get the second lock lets go of the first, and tries again.

Survives: who is refused waits for a random time.
"""

import random
import threading
import time


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
        time.sleep(random.random())


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
