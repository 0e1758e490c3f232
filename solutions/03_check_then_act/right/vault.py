"""A helper that answers yes or no, and the account that turns no into an exception."""

import threading


class InsufficientFunds(Exception):
    """The account holds less than the amount."""


class Vault:
    """Money behind one lock."""

    def __init__(self, amount):
        self.amount = amount
        self.lock = threading.Lock()

    def put(self, amount):
        with self.lock:
            self.amount += amount

    def take(self, amount):
        """Whether `amount` was there, and is now taken."""
        with self.lock:
            enough = self.amount >= amount
            if enough:
                self.amount -= amount
            return enough


class Account:
    """Money that several cash machines pay out."""

    def __init__(self, balance):
        self._vault = Vault(balance)

    @property
    def balance(self):
        return self._vault.amount

    def deposit(self, amount):
        """Pay `amount` into the account."""
        self._vault.put(amount)

    def withdraw(self, amount):
        """Take `amount` out of the account, or raise InsufficientFunds."""
        if not self._vault.take(amount):
            raise InsufficientFunds(f"{amount} can't be paid")
