"""Two ledgers, lists in a list, are compared with the lock held."""

import threading

lock = threading.Lock()
ledger = [[100], [100]]
copy = [[100], [100]]


def setup():
    return None


def transfer(*_):
    with lock:
        for book in ledger, copy:
            book[0][0] -= 60
            book[1][0] += 60


def audit(*_):
    with lock:
        assert ledger == copy


threads = (transfer, audit)
