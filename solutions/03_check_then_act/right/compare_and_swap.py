"""No lock while it is looked: the new balance is written only if the old one is still there.

Comparing and writing is one step, under a lock of its own. Who comes too late looks again.
"""

import threading


class InsufficientFunds(Exception):
    """The account holds less than the amount."""


class Account:
    """Money that several cash machines pay out."""

    def __init__(self, balance):
        self.balance = balance
        self._swap = threading.Lock()

    def _replace(self, old, new):
        """Write `new` if the balance is still `old`; whether it was."""
        with self._swap:
            if self.balance != old:
                return False
            self.balance = new
            return True

    def deposit(self, amount):
        """Pay `amount` into the account."""
        while not self._replace(before := self.balance, before + amount):
            pass

    def withdraw(self, amount):
        """Take `amount` out of the account, or raise InsufficientFunds."""
        while True:
            before = self.balance
            if before < amount:
                raise InsufficientFunds(f"{before} is less than {amount}")
            if self._replace(before, before - amount):
                return
