"""Finding: LostWakeup

Two wait for the latch to open, and `notify` wakes one of them.
"""

import threading


class Latch:
    def __init__(self, count):
        self.count = count
        self.opened = threading.Condition()

    def count_down(self):
        with self.opened:
            self.count -= 1
            if self.count == 0:
                self.opened.notify()

    def wait(self):
        with self.opened:
            while self.count > 0:
                self.opened.wait()


def setup():
    return Latch(2)


def branch(latch):
    latch.wait()


def headquarters(latch):
    latch.count_down()
    latch.count_down()


threads = (branch, branch, headquarters)
