"""A statement is made by `%` with the lock held."""

import threading

lock = threading.Lock()
lines = ["opened"]


def setup():
    return None


def deposit(*_):
    with lock:
        lines.append("deposit")


def statement(*_):
    with lock:
        screen, paper = "%s" % (lines,), "%s" % (lines,)
    assert screen == paper


threads = (deposit, statement)
