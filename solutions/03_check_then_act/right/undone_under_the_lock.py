"""Pays first, looks then, and puts the money back before anybody else can look."""

from threading import RLock


class InsufficientFunds(Exception):
    """The account holds less than the amount."""


class Account:
    """Money that several cash machines pay out."""

    def __init__(self, balance):
        self.balance = balance
        self.lock = RLock()

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
                raise InsufficientFunds(f"{self.balance} is less than {amount}")
