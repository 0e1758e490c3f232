"""The event is cleared by the one it is meant for, once it was seen."""

import threading


class Bell:
    def __init__(self):
        self.rung = threading.Event()


def setup():
    return Bell()


def ring(bell):
    bell.rung.set()


def answer(bell):
    bell.rung.wait()
    bell.rung.clear()


threads = (ring, answer)
