"""Each transfer locks the accounts in one order."""

import threading

numbers = iter(range(100))


class Account:
    def __init__(self, balance):
        self.balance = balance
        self.number = next(numbers)
        self.lock = threading.Lock()


def setup():
    return Account(100), Account(100)


def transfer(src, dst, amount):
    first, second = sorted((src, dst), key=lambda account: account.number)
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
