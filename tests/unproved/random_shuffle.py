"""A list is shuffled in many steps, with duplicates in between."""

import random

tickets = [1, 2, 3]
chance = random.Random(1)


def setup():
    return None


def shuffle(*_):
    chance.shuffle(tickets)


def look(*_):
    assert sorted(tickets) == [1, 2, 3]


threads = (shuffle, look)
