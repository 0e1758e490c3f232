"""A context manager of one's own, and a debit that is undone when it was too much."""

import threading
from contextlib import contextmanager


class InsufficientFunds(Exception):
    """The account to pay from holds less than the amount."""


class Account:
    """What one customer has."""

    def __init__(self, owner, balance):
        self.owner = owner
        self.balance = balance


class Bank:
    """Several accounts, several tellers, and one auditor."""

    def __init__(self):
        self.accounts = []
        self.lock = threading.Lock()

    def open(self, owner, balance):
        """Open an account and return it. Nobody opens accounts while others work."""
        account = Account(owner, balance)
        self.accounts.append(account)
        return account

    @contextmanager
    def _alone(self):
        """Inside, nobody else is at the books."""
        self.lock.acquire()
        try:
            yield
        finally:
            self.lock.release()

    def transfer(self, src, dst, amount):
        """Move `amount` from `src` to `dst`, or raise InsufficientFunds."""
        with self._alone():
            src.balance -= amount
            if src.balance < 0:
                src.balance += amount
                raise InsufficientFunds(f"{src.owner} can't pay {amount}")
            dst.balance += amount

    def audit(self):
        """Return the sum of all balances."""
        with self._alone():
            return sum(account.balance for account in self.accounts)
