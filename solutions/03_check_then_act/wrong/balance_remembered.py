"""Finding: LostUpdate
Test: test_no_more_is_paid_out_than_there_was

What will be left is worked out when the funds are checked, and written later: the other
withdrawal is undone, and nobody pays for it.
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
        with self.lock:
            left = self.balance - amount
        if left < 0:
            raise InsufficientFunds(f"{amount} can't be paid")
        with self.lock:
            self.balance = left
