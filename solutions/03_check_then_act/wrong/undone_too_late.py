"""Finding: StaleCheck
Test: test_one_of_two_is_paid

The money is paid first, and put back when it was too much. In between the account stands below
zero; the other one, who could have been paid, looks just then, and is refused because of it.
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
            self.balance -= amount
        if self.balance < 0:
            self.deposit(amount)
            raise InsufficientFunds(f"{amount} can't be paid")
