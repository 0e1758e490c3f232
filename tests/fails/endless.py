"""Finding: Livelock

A loop that never ends.
"""


def setup():
    return None


def one():
    while True:
        pass


threads = (one,)
