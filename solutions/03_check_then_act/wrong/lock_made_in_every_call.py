"""Finding: StaleCheck
Test: test_the_account_is_not_overdrawn

Check and payment stand under one lock, but each call makes a lock of its own, which keeps nobody
out.
"""

import threading


class InsufficientFunds(Exception):
    """The account holds less than the amount."""


class Account:
    """Money that several cash machines pay out."""

    def __init__(self, balance):
        self.balance = balance

    def deposit(self, amount):
        """Pay `amount` into the account."""
        with threading.Lock():
            self.balance += amount

    def withdraw(self, amount):
        """Take `amount` out of the account, or raise InsufficientFunds."""
        with threading.Lock():
            if self.balance < amount:
                raise InsufficientFunds(f"{self.balance} is less than {amount}")
            self.balance -= amount
