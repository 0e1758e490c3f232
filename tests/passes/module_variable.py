"""The textbook transfer under a lock, its balances in: module variable."""

import threading

lock = threading.Lock()

alice = 100
bob = 100


def setup():
    return None


def to_bob(amount):
    global alice, bob
    alice -= amount
    bob += amount


def to_alice(amount):
    global alice, bob
    bob -= amount
    alice += amount


def total():
    return alice + bob


def one():
    with lock:
        to_bob(60)


def two():
    with lock:
        to_alice(30)


threads = (one, two)


def at_end():
    return total() == 200
