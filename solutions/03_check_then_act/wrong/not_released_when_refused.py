"""Finding: OrphanedLock
Test: test_the_account_is_not_overdrawn

Check and payment stand under one lock, but who is refused leaves with the lock in his hand.
"""

import threading


class InsufficientFunds(Exception):
    """The account holds less than the amount."""


class Account:
    """Money that several cash machines pay out."""

    def __init__(self, balance):
        self.balance = balance
        self.lock = threading.Lock()

    def deposit(self, amount):
        """Pay `amount` into the account."""
        with self.lock:
            self.balance += amount

    def withdraw(self, amount):
        """Take `amount` out of the account, or raise InsufficientFunds."""
        self.lock.acquire()
        if self.balance < amount:
            raise InsufficientFunds(f"{self.balance} is less than {amount}")
        self.balance -= amount
        self.lock.release()
