"""Finding: StaleCheck
Test: test_the_account_is_not_overdrawn

There is no lock at all: both cash machines see 100, and both pay.
"""


class InsufficientFunds(Exception):
    """The account holds less than the amount."""


class Account:
    """Money that several cash machines pay out."""

    def __init__(self, balance):
        self.balance = balance

    def deposit(self, amount):
        """Pay `amount` into the account."""
        self.balance += amount

    def withdraw(self, amount):
        """Take `amount` out of the account, or raise InsufficientFunds."""
        if self.balance < amount:
            raise InsufficientFunds(f"{self.balance} is less than {amount}")
        self.balance -= amount
