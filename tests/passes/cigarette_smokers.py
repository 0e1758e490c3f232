"""The agent calls the one smoker whom both ingredients on the table are for."""

import threading

INGREDIENTS = ("tobacco", "paper", "matches")


class Table:
    def __init__(self):
        self.called = {name: threading.Semaphore(0) for name in INGREDIENTS}
        self.smoked = threading.Semaphore(0)

    def serve(self, owner):
        self.called[owner].release()
        self.smoked.acquire()

    def smoke(self, owner):
        self.called[owner].acquire()
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
