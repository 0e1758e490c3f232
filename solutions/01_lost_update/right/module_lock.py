"""One lock for all accounts: coarser than needed, and right."""

from threading import Lock

COUNTER = Lock()
"""Whoever changes a balance holds this."""


class Account:
    """Money that several tellers pay into."""

    def __init__(self, balance):
        self.balance = balance

    def deposit(self, amount):
        """Pay `amount` into the account."""
        with COUNTER:
            self.balance = self.balance + amount
