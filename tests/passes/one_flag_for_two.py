"""Calls are counted, so that two of them are two, whenever they come."""

import threading


class Bell:
    def __init__(self):
        self.rung = 0
        self.changed = threading.Condition()

    def ring(self):
        with self.changed:
            self.rung += 1
            self.changed.notify()

    def answer(self):
        with self.changed:
            while not self.rung:
                self.changed.wait()
            self.rung -= 1


def setup():
    return Bell()


def customer(bell):
    bell.ring()


def clerk(bell):
    bell.answer()


threads = (customer, customer, clerk, clerk)
