"""One draw in a hundred takes the way without the lock."""

import random
import threading


class Bank:
    def __init__(self):
        self.balance = 0
        self.lock = threading.Lock()


def setup():
    return Bank()


def one(bank):
    if random.random() < 0.01:
        bank.balance += 1
    else:
        with bank.lock:
            bank.balance += 1


threads = (one, one)


def at_end(bank):
    return bank.balance == 2
