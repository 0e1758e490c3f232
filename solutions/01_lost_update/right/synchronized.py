"""A decorator of one's own, and an RLock."""

from functools import wraps
from threading import RLock


def synchronized(method):
    """One call at a time for each object."""

    @wraps(method)
    def one_at_a_time(self, *args):
        with self._turn:
            return method(self, *args)

    return one_at_a_time


class Account:
    """Money that several tellers pay into."""

    def __init__(self, balance):
        self.balance = balance
        self._turn = RLock()

    @synchronized
    def deposit(self, amount):
        """Pay `amount` into the account."""
        self.balance += amount
