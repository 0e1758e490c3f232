"""The lock is released."""

import threading


class Bank:
    def __init__(self):
        self.balance = 100
        self.lock = threading.Lock()


def setup():
    return Bank()


def one(bank):
    bank.lock.acquire()
    bank.balance -= 10
    bank.lock.release()


threads = (one,)
