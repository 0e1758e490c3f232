"""An account with a lock around every change, which pays out more than it has."""

import threading


class InsufficientFunds(Exception):
    """The account holds less than the amount."""


class Account:
    """Money that several cash machines pay out.

    Your task: make this class safe for any number of threads.
    """

    def __init__(self, balance):
        self.balance = balance
        self.lock = threading.Lock()

    def deposit(self, amount):
        """Pay `amount` into the account."""
        with self.lock:
            self.balance += amount

    def withdraw(self, amount):
        """Take `amount` out of the account.

        If it holds less than `amount`, raise InsufficientFunds and change nothing.
        """
        if self.balance < amount:
            raise InsufficientFunds(f"{self.balance} is less than {amount}")
        with self.lock:
            self.balance -= amount
