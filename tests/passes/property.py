"""The textbook transfer under a lock, its balances in: property."""

import threading

lock = threading.Lock()


class Account:
    def __init__(self, balance):
        self._balance = balance

    @property
    def balance(self):
        return self._balance

    @balance.setter
    def balance(self, balance):
        self._balance = balance


def setup():
    return Account(100), Account(100)


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
