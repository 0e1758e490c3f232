"""Finding: TornRead

The balances are added up by an attrgetter, without the lock.
"""

import threading
from operator import attrgetter


class Account:
    def __init__(self, balance):
        self.balance = balance


lock = threading.Lock()


def setup():
    return Account(100), Account(100)


def transfer(alice, bob):
    with lock:
        alice.balance -= 60
        bob.balance += 60


def audit(alice, bob):
    total = sum(map(attrgetter("balance"), (alice, bob)))
    assert total == 200


threads = (transfer, audit)
