"""Two counters are added up in Python code of the library: one count may be lost."""

from collections import Counter

coins = Counter()


def setup():
    return None


def count(*_):
    coins.update({"euro": 1})


threads = (count, count)


def at_end(*_):
    return coins["euro"] == 2
