"""The missing list is made by both, and one of the two is lost."""

import threading
from collections import defaultdict


class Bank:
    def __init__(self):
        self.balance = 0
        self.lock = threading.Lock()


def setup():
    return Bank()


lists = defaultdict(lambda: [])


def one(bank):
    lists["all"].append(1)


threads = (one, one)


def at_end(bank):
    return len(lists["all"]) == 2
