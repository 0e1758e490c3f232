"""A helper that owns the number and its lock; the account only asks it."""

import threading


class Guarded:
    """A number that can be added to, by any number of threads."""

    def __init__(self, value):
        self._value = value
        self._lock = threading.Lock()

    def add(self, amount):
        with self._lock:
            self._value += amount

    def get(self):
        with self._lock:
            return self._value


class Account:
    """Money that several tellers pay into."""

    def __init__(self, balance):
        self._money = Guarded(balance)

    @property
    def balance(self):
        return self._money.get()

    def deposit(self, amount):
        """Pay `amount` into the account."""
        self._money.add(amount)
