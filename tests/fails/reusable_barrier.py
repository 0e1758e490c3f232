"""Finding: Deadlock

A barrier that is used twice and counts no generations: who is first out is counted in again
before the other has woken, and both wait.
"""

import threading


class Barrier:
    def __init__(self, parties):
        self.parties = parties
        self.arrived = 0
        self.changed = threading.Condition()

    def wait(self):
        with self.changed:
            self.arrived += 1
            if self.arrived == self.parties:
                self.arrived = 0
                self.changed.notify_all()
            while self.arrived != 0:
                self.changed.wait()


def setup():
    return Barrier(2)


def clerk(barrier):
    barrier.wait()
    barrier.wait()


threads = (clerk, clerk)
