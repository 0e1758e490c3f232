"""Each says that it is ready, and then spins until the other is.

Survives: there is no end to how often the other can be looked at.
"""

import time


class Line:
    def __init__(self):
        self.ready = [False, False]


def setup():
    return Line()


def call(line, mine):
    line.ready[mine] = True
    while not line.ready[1 - mine]:
        time.sleep(0.01)


def alice(line):
    call(line, 0)


def bob(line):
    call(line, 1)


threads = (alice, bob)
