"""Two threads may both compute what is cached."""

from functools import lru_cache

computed = []


@lru_cache
def fee(amount):
    computed.append(amount)
    return amount // 10


def setup():
    return None


def pay(*_):
    fee(100)


threads = (pay, pay)


def at_end(*_):
    return len(computed) == 1
