"""Finding: InvariantViolated

A statement is made by `%` while a line is added to it.
"""

import threading

lock = threading.Lock()
lines = ["opened"]


def setup():
    return None


def deposit(*_):
    with lock:
        lines.append("deposit")


def statement(*_):
    screen, paper = "%s" % (lines,), "%s" % (lines,)
    assert screen == paper


threads = (deposit, statement)
