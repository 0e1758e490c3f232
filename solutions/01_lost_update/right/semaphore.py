"""A semaphore that lets one teller in at a time."""

from threading import BoundedSemaphore


class Account:
    """Money that several tellers pay into."""

    def __init__(self, balance):
        self.balance = balance
        self.turn = BoundedSemaphore(1)

    def deposit(self, amount):
        """Pay `amount` into the account."""
        with self.turn:
            self.balance += amount
