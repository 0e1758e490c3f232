"""Finding: LostUpdate

The textbook transfer, its balances in: SimpleNamespace.
"""

import threading
from types import SimpleNamespace

lock = threading.Lock()


def setup():
    return SimpleNamespace(balance=100), SimpleNamespace(balance=100)


def transfer(src, dst, amount):
    src.balance -= amount
    dst.balance += amount


def one(alice, bob):
    transfer(alice, bob, 60)


def two(alice, bob):
    transfer(bob, alice, 30)


threads = (one, two)


def at_end(alice, bob):
    return alice.balance + bob.balance == 200
