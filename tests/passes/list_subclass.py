"""A list with an `__iter__` of its own is added up with the lock held."""

import threading


class Ledger(list):
    def __iter__(self):
        return super().__iter__()


lock = threading.Lock()


def setup():
    return Ledger([100, 100])


def transfer(ledger):
    with lock:
        ledger[0] -= 60
        ledger[1] += 60


def audit(ledger):
    with lock:
        total = sum(ledger)
    assert total == 200


threads = (transfer, audit)
