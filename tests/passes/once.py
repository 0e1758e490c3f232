"""A lock that is tried, and never released, says who is first."""

import threading


class Bank:
    def __init__(self):
        self.balance = 0
        self.lock = threading.Lock()


def setup():
    return Bank()


def one(bank):
    if bank.lock.acquire(blocking=False):
        bank.balance += 1


threads = (one, one)


def at_end(bank):
    return bank.balance == 1
