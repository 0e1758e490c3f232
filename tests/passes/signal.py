"""A lock that one thread takes and another releases is a signal, and may stay taken."""

import threading


class Bank:
    def __init__(self):
        self.balance = 0
        self.lock = threading.Lock()


def setup():
    return Bank()


ready = threading.Lock()
ready.acquire()


def one(bank):
    bank.balance = 100
    ready.release()


def two(bank):
    ready.acquire()
    assert bank.balance == 100


threads = (one, two)
