"""Finding: StaleCheck
Test: test_the_account_is_not_overdrawn

The funds are checked outside the lock: by the time the lock is held, the other cash machine may
have paid out what was seen there.
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
            self.balance -= amount
