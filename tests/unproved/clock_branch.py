"""Only a slow thread takes the way without the lock."""

import threading
import time


class Bank:
    def __init__(self):
        self.balance = 0
        self.lock = threading.Lock()


def setup():
    return Bank()


def one(bank):
    begun = time.monotonic()
    if time.monotonic() - begun > 0.5:
        bank.balance += 1
    else:
        with bank.lock:
            bank.balance += 1


threads = (one, one)


def at_end(bank):
    return bank.balance == 2
