"""Finding: StaleCheck
Test: test_no_account_is_overdrawn

The check and the payment each hold the lock, but between the two it is released, and what was
checked may change.
"""

import threading


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

    def transfer(self, src, dst, amount):
        """Move `amount` from `src` to `dst`, or raise InsufficientFunds."""
        if not self._can_pay(src, amount):
            raise InsufficientFunds(f"{src.owner} can't pay {amount}")
        with self.lock:
            src.balance -= amount
            dst.balance += amount

    def _can_pay(self, account, amount):
        with self.lock:
            return account.balance >= amount

    def audit(self):
        """Return the sum of all balances."""
        with self.lock:
            return sum(account.balance for account in self.accounts)
