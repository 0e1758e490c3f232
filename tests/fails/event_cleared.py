"""Finding: LostWakeup

The event is set and cleared at once; who has not come to wait for it yet misses it.
"""

import threading


class Bell:
    def __init__(self):
        self.rung = threading.Event()


def setup():
    return Bell()


def ring(bell):
    bell.rung.set()
    bell.rung.clear()


def answer(bell):
    bell.rung.wait()


threads = (ring, answer)
