"""Finding: TornRead

Positions, lists in a list, are valued by a starmap without the lock.
"""

import threading
from itertools import starmap
from operator import mul

lock = threading.Lock()
positions = [[2, 50], [1, 100]]


def setup():
    return None


def split(*_):
    with lock:
        positions[1][0] = 2
        positions[1][1] = 50


def audit(*_):
    value = sum(starmap(mul, positions))
    assert value == 200


threads = (split, audit)
