"""The textbook transfer under a lock, its balances in: dataclass."""

import threading
from dataclasses import dataclass

lock = threading.Lock()


@dataclass
class Account:
    balance: int = 100


def setup():
    return Account(), Account()


def transfer(src, dst, amount):
    src.balance -= amount
    dst.balance += amount


def total(alice, bob):
    return alice.balance + bob.balance


def one(alice, bob):
    with lock:
        transfer(alice, bob, 60)


def two(alice, bob):
    with lock:
        transfer(bob, alice, 30)


threads = (one, two)


def at_end(alice, bob):
    return total(alice, bob) == 200
