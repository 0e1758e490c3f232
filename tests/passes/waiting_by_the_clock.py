"""A loop that waits for a time comes to its end.

Survives: the clock can say more than is tried.
"""

import threading
import time


class Bank:
    def __init__(self):
        self.balance = 0
        self.lock = threading.Lock()


def setup():
    return Bank()


def one(bank):
    until = time.monotonic() + 30
    while time.monotonic() < until:
        pass
    with bank.lock:
        bank.balance += 1


threads = (one, one)
