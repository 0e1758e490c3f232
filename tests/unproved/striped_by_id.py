"""Two banks may share a stripe, and then its lock is taken twice."""

import threading


class Bank:
    def __init__(self):
        self.balance = 0
        self.lock = threading.Lock()


def setup():
    return Bank()


stripes = [threading.Lock() for _ in range(16)]


def one(bank):
    with stripes[id(bank) // 16 % 16], stripes[id(bank.lock) // 16 % 16]:
        bank.balance += 1


threads = (one, one)


def at_end(bank):
    return bank.balance == 2
