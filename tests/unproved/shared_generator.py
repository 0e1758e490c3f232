"""Who steps a generator that another thread runs gets a ValueError."""

import threading


class Bank:
    def __init__(self):
        self.balance = 0
        self.lock = threading.Lock()


def setup():
    return Bank()


def count():
    number = 0
    while True:
        number += 1
        yield number


numbers = count()


def one(bank):
    next(numbers)


threads = (one, one)
