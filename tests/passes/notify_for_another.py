"""Who holds the lock lets a helper notify; of a Lock, all that can be seen is that it is held.

Survives: the steps of one that notifies without the lock have more orders than are tried.
"""

import threading


class Door:
    def __init__(self):
        self.open = False
        self.changed = threading.Condition(threading.Lock())


def setup():
    return Door()


def guest(door):
    with door.changed:
        while not door.open:
            door.changed.wait()


def porter(door):
    with door.changed:
        door.open = True
        helper = threading.Thread(target=door.changed.notify)
        helper.start()
        helper.join()


threads = (guest, porter)
