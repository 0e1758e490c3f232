"""The textbook transfer under a lock, its balances in: global dict."""

import threading

lock = threading.Lock()

balances = {"alice": 100, "bob": 100}


def setup():
    return None


def transfer(src, dst, amount):
    balances[src] -= amount
    balances[dst] += amount


def total():
    return sum(balances.values())


def one():
    with lock:
        transfer("alice", "bob", 60)


def two():
    with lock:
        transfer("bob", "alice", 30)


threads = (one, two)


def at_end():
    return total() == 200
