"""A teller looks at the next ticket number and draws it, with the lock held."""

import random
import threading

lock = threading.Lock()
tickets = random.Random(7)


def setup():
    return None


def peek():
    state = tickets.getstate()
    number = tickets.randrange(1000)
    tickets.setstate(state)
    return number


def draw(*_):
    with lock:
        expected = peek()
        assert tickets.randrange(1000) == expected


threads = (draw, draw)
