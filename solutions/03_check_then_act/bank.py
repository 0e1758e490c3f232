"""An account that looks and pays under one and the same lock."""

import threading


class InsufficientFunds(Exception):
    """The account holds less than the amount."""


class Account:
    """Money that several cash machines pay out.

    The lock is held from the look at the balance to its change: as long as it is held, what was
    seen stays true.
    """

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
            if self.balance < amount:
                raise InsufficientFunds(f"{self.balance} is less than {amount}")
            self.balance -= amount
