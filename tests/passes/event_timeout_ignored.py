"""Who waits for the event with a timeout looks whether it has come, and waits again.

Survives: there is no end to how often the time can be over.
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
    while not till.ready.wait(timeout=5):
        pass
    assert till.money == 100


threads = (payer, shopper)
