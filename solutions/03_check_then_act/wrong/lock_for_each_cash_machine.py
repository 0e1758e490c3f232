"""Finding: StaleCheck
Test: test_the_account_is_not_overdrawn

Each thread has a lock of its own: it never has to wait, and so it keeps nobody out.
"""

import threading


class InsufficientFunds(Exception):
    """The account holds less than the amount."""


class Account:
    """Money that several cash machines pay out."""

    def __init__(self, balance):
        self.balance = balance
        self.mine = threading.local()

    def _lock(self):
        if not hasattr(self.mine, "lock"):
            self.mine.lock = threading.Lock()
        return self.mine.lock

    def deposit(self, amount):
        """Pay `amount` into the account."""
        with self._lock():
            self.balance += amount

    def withdraw(self, amount):
        """Take `amount` out of the account, or raise InsufficientFunds."""
        with self._lock():
            if self.balance < amount:
                raise InsufficientFunds(f"{self.balance} is less than {amount}")
            self.balance -= amount
