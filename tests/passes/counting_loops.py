"""Many turns of a loop are no endless loop.

Survives: 6,000 critical sections have more interleavings than can be run.
"""

import threading


class Bank:
    def __init__(self):
        self.balance = 0
        self.lock = threading.Lock()


def setup():
    return Bank()


def one(bank):
    for _ in range(3_000):
        with bank.lock:
            bank.balance += 1


threads = (one, one)


def at_end(bank):
    return bank.balance == 6_000
