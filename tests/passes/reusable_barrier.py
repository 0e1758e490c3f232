"""A barrier that is used twice, and tells one generation from the next."""

import threading


class Barrier:
    def __init__(self, parties):
        self.parties = parties
        self.arrived = 0
        self.generation = 0
        self.changed = threading.Condition()

    def wait(self):
        with self.changed:
            mine = self.generation
            self.arrived += 1
            if self.arrived == self.parties:
                self.arrived = 0
                self.generation += 1
                self.changed.notify_all()
            while self.generation == mine:
                self.changed.wait()


def setup():
    return Barrier(2)


def clerk(barrier):
    barrier.wait()
    barrier.wait()


threads = (clerk, clerk)
