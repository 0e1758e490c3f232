"""A list looks empty to another thread while it is sorted by a key."""


def setup():
    return None


shared = [3, 1, 2]


def sort(*_):
    shared.sort(key=lambda number: -number)


def look(*_):
    assert len(shared) == 3


threads = (sort, look)
