"""Finding: Livelock

Each spins until the other is ready, and only then says that it is ready itself.
"""

import time


class Line:
    def __init__(self):
        self.ready = [False, False]


def setup():
    return Line()


def call(line, mine):
    while not line.ready[1 - mine]:
        time.sleep(0.01)
    line.ready[mine] = True


def alice(line):
    call(line, 0)


def bob(line):
    call(line, 1)


threads = (alice, bob)
