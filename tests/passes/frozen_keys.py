"""Dataclasses hash, or do not, as they always do.

Survives: what a dataclass makes is not seen.
"""

import threading
from dataclasses import dataclass


class Bank:
    def __init__(self):
        self.balance = 0
        self.lock = threading.Lock()


def setup():
    return Bank()


@dataclass(frozen=True)
class Name:
    text: str


@dataclass(unsafe_hash=True)
class Number:
    value: int


@dataclass
class Plain:
    value: int


books = {Name("alice"): 100, Number(1): 1}


def one(bank):
    assert books[Name("alice")] == 100
    assert books[Number(1)] == 1
    try:
        hash(Plain(1))
    except TypeError:
        return
    raise AssertionError


threads = (one, one)
