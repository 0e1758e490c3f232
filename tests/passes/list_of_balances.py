"""The textbook transfer under a lock, its balances in: list of balances."""

import threading

lock = threading.Lock()


def setup():
    return [100, 100]


def transfer(balances, i, j, amount):
    balances[i] -= amount
    balances[j] += amount


def total(balances):
    return balances[0] + balances[-1]


def one(balances):
    with lock:
        transfer(balances, 0, 1, 60)


def two(balances):
    with lock:
        transfer(balances, -1, -2, 30)


threads = (one, two)


def at_end(balances):
    return total(balances) == 200
