"""Finding: StaleCheck
Test: test_the_account_is_not_overdrawn

The check holds the lock and the payment holds the lock, but between the two it is released, and
what was checked may change.
"""

import threading


class InsufficientFunds(Exception):
    """The account holds less than the amount."""


class Account:
    """Money that several cash machines pay out."""

    def __init__(self, balance):
        self.balance = balance
        self.lock = threading.Lock()

    def _can_pay(self, amount):
        with self.lock:
            return self.balance >= amount

    def deposit(self, amount):
        """Pay `amount` into the account."""
        with self.lock:
            self.balance += amount

    def withdraw(self, amount):
        """Take `amount` out of the account, or raise InsufficientFunds."""
        if not self._can_pay(amount):
            raise InsufficientFunds(f"{amount} can't be paid")
        with self.lock:
            self.balance -= amount
