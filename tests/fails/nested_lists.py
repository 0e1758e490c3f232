"""Finding: TornRead

The auditor compares two ledgers, lists in a list, without the lock.
"""

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
    assert ledger == copy


threads = (transfer, audit)
