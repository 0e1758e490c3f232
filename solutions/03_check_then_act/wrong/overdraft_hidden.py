"""Finding: StaleCheck
Test: test_no_more_is_paid_out_than_there_was

The balance never shows less than zero, because it is cut off there. The money has been paid out
all the same: the check was out of date.
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
        if self.balance < amount:
            raise InsufficientFunds(f"{self.balance} is less than {amount}")
        with self.lock:
            self.balance = max(0, self.balance - amount)
