"""Finding: InvariantViolated

The wait for the event may time out, and nobody looks whether it has.
"""

import threading


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
    till.ready.wait(timeout=5)
    assert till.money == 100


threads = (payer, shopper)
