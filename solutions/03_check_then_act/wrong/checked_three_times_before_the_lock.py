"""Finding: StaleCheck
Test: test_the_account_is_not_overdrawn

Who asks three times is told three times what was so then. Only what is asked under the lock
is still so.
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
        for _ in range(3):  # to be quite sure
            if self.balance < amount:
                raise InsufficientFunds(f"{self.balance} is less than {amount}")
        with self.lock:
            self.balance -= amount
