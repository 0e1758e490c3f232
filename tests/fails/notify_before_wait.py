"""Finding: LostWakeup

Who waits looks at no flag: a notification that came before is lost.
"""

import threading


class Signal:
    def __init__(self):
        self.given = False
        self.changed = threading.Condition()

    def give(self):
        with self.changed:
            self.changed.notify()

    def wait(self):
        with self.changed:
            self.changed.wait()


def setup():
    return Signal()


def opener(signal):
    signal.give()


def teller(signal):
    signal.wait()


threads = (teller, opener)
