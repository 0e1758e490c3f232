"""An account whose deposits take turns: read, add and write under one lock."""

import threading


class Account:
    """Money that several tellers pay into.

    The lock is made with the account and lives as long: whoever pays in meets the same one.
    """

    def __init__(self, balance):
        self.balance = balance
        self.lock = threading.Lock()

    def deposit(self, amount):
        """Pay `amount` into the account. It is there when this returns."""
        with self.lock:
            self.balance += amount
