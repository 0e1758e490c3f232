"""The textbook transfer under a lock, its balances in: closure."""

import threading

lock = threading.Lock()


def open_bank():
    alice = bob = 100

    def transfer(amount):
        nonlocal alice, bob
        alice -= amount
        bob += amount

    def total():
        return alice + bob

    return transfer, total


def setup():
    return open_bank()


def one(transfer, audit):
    with lock:
        transfer(60)


def two(transfer, audit):
    with lock:
        transfer(-30)


threads = (one, two)


def at_end(transfer, audit):
    return audit() == 200
