"""A flag is kept in a module of the library."""

import math

math.open_for_business = False


def setup():
    math.open_for_business = False


def look(*_):
    first, second = math.open_for_business, math.open_for_business
    assert first == second


def change(*_):
    math.open_for_business = True


threads = (look, change)
