"""The accounts to lock are kept in a set, whose order is not the same in two executions.

Survives: one order of the set is tried.
"""

import threading


class Account:
    def __init__(self, number, balance):
        self.number = number
        self.balance = balance
        self.lock = threading.Lock()


def setup():
    return Account(1, 100), Account(2, 100)


def transfer(src, dst, amount):
    first, second = sorted({src, dst}, key=lambda account: account.number)
    with first.lock, second.lock:
        src.balance -= amount
        dst.balance += amount


def one(alice, bob):
    transfer(alice, bob, 60)


def two(alice, bob):
    transfer(bob, alice, 30)


threads = (one, two)


def at_end(alice, bob):
    return alice.balance + bob.balance == 200
