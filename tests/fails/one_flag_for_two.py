"""Finding: LostWakeup

One flag for two calls: the second one may come before anybody has seen the first.
"""

import threading


class Bell:
    def __init__(self):
        self.rung = False
        self.changed = threading.Condition()

    def ring(self):
        with self.changed:
            self.rung = True
            self.changed.notify()

    def answer(self):
        with self.changed:
            while not self.rung:
                self.changed.wait()
            self.rung = False


def setup():
    return Bell()


def customer(bell):
    bell.ring()


def clerk(bell):
    bell.answer()


threads = (customer, customer, clerk, clerk)
