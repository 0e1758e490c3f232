"""Finding: StaleCheck

It is checked outside the lock whether the connection is there, and not again inside.
"""

import threading


class Connection:
    pass


class Pool:
    def __init__(self):
        self.connection = None
        self.made = 0
        self.lock = threading.Lock()

    def get(self):
        if self.connection is None:
            with self.lock:
                self.made += 1
                self.connection = Connection()
        return self.connection


def setup():
    return Pool()


def user(pool):
    pool.get()


threads = (user, user)


def at_end(pool):
    return pool.made == 1
