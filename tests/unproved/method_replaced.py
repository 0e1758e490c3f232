"""A method is replaced between two calls of it."""

import threading


class Bank:
    def __init__(self):
        self.balance = 0
        self.lock = threading.Lock()


def setup():
    return Bank()


class Fees:
    def fee(self):
        return 1


fees = Fees()


def one(bank):
    first, second = fees.fee(), fees.fee()
    assert first == second


def two(bank):
    Fees.fee = lambda self: 2


threads = (one, two)
