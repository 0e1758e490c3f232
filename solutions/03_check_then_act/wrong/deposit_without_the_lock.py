"""Finding: LostUpdate
Test: test_no_deposit_is_lost

Only withdrawals can be refused, so only they are locked; but a deposit reads and writes the same
balance.
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
        self.balance += amount

    def withdraw(self, amount):
        """Take `amount` out of the account, or raise InsufficientFunds."""
        with self.lock:
            if self.balance < amount:
                raise InsufficientFunds(f"{self.balance} is less than {amount}")
            self.balance -= amount
