"""A loop that looks at an event again and again ends once the event is set.

Survives: there is no end to how often the event can be looked at.
"""

import threading
import time


class Till:
    def __init__(self):
        self.money = 0
        self.ready = threading.Event()


def setup():
    return Till()


def payer(till):
    till.money = 100
    till.ready.set()


def shopper(till):
    while not till.ready.is_set():
        time.sleep(0.1)
    assert till.money == 100


threads = (shopper, payer)
