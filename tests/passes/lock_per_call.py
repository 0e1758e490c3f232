"""One lock for all calls."""

import threading


class Bank:
    def __init__(self):
        self.balance = 100


lock = threading.Lock()
other = threading.Lock()


def setup():
    return Bank()


def one(bank):
    with lock:
        bank.balance -= 10


def two(bank):
    with lock:
        bank.balance -= 10


threads = (one, two)


def at_end(bank):
    return bank.balance == 80
