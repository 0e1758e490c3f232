"""The audit takes the lock."""

import threading


class Bank:
    def __init__(self):
        self.alice = 100
        self.bob = 100
        self.lock = threading.Lock()

    def transfer(self, amount):
        with self.lock:
            self.alice -= amount
            self.bob += amount

    def total(self):
        with self.lock:
            return self.alice + self.bob


def setup():
    return Bank()


def teller(bank):
    bank.transfer(60)


def auditor(bank):
    assert bank.total() == 200


threads = (teller, auditor)
