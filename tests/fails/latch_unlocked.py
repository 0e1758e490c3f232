"""Finding: LostWakeup

Whether the latch is open is looked at before the lock is taken; it opens just then.
"""

import threading


class Latch:
    def __init__(self):
        self.closed = True
        self.opened = threading.Condition()

    def open(self):
        with self.opened:
            self.closed = False
            self.opened.notify_all()

    def wait(self):
        if self.closed:
            with self.opened:
                self.opened.wait()


def setup():
    return Latch()


def branch(latch):
    latch.wait()


def headquarters(latch):
    latch.open()


threads = (branch, branch, headquarters)
