"""Who waits looks at a flag first, which tells of a notification that came before."""

import threading


class Signal:
    def __init__(self):
        self.given = False
        self.changed = threading.Condition()

    def give(self):
        with self.changed:
            self.given = True
            self.changed.notify()

    def wait(self):
        with self.changed:
            while not self.given:
                self.changed.wait()


def setup():
    return Signal()


def opener(signal):
    signal.give()


def teller(signal):
    signal.wait()


threads = (teller, opener)
