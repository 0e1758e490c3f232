"""Long computing is no endless loop."""

import threading


class Bank:
    def __init__(self):
        self.balance = 0
        self.lock = threading.Lock()


def setup():
    return Bank()


def one(bank):
    total = 0
    for number in range(300_000):
        total += number
    with bank.lock:
        bank.balance += total


threads = (one, one)
