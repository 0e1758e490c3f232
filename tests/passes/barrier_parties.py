"""The barrier waits for as many as there are."""

import threading


class Bank:
    def __init__(self):
        self.closing = threading.Barrier(2)
        self.counted = [0, 0]

    def close(self, till):
        self.counted[till] = 100
        self.closing.wait()
        assert sum(self.counted) == 200


def setup():
    return Bank()


def first(bank):
    bank.close(0)


def second(bank):
    bank.close(1)


threads = (first, second)
