"""Finding: Deadlock

Two smokers take one of the two ingredients each, and nobody has both.
"""

import threading

INGREDIENTS = ("tobacco", "paper", "matches")


class Table:
    def __init__(self):
        self.on_table = {name: threading.Semaphore(0) for name in INGREDIENTS}
        self.smoked = threading.Semaphore(0)

    def serve(self, owner):
        for name in INGREDIENTS:
            if name != owner:
                self.on_table[name].release()
        self.smoked.acquire()

    def smoke(self, owner):
        for name in INGREDIENTS:
            if name != owner:
                self.on_table[name].acquire()
        self.smoked.release()


def setup():
    return Table()


def agent(table):
    for owner in INGREDIENTS:
        table.serve(owner)


def with_much(owner):
    def smoker(table):
        table.smoke(owner)

    return smoker


threads = (agent, *(with_much(owner) for owner in INGREDIENTS))
