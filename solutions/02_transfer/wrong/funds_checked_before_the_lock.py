"""Finding: StaleCheck
Test: test_no_account_is_overdrawn

The funds are checked outside the lock: by the time the lock is held, another teller may have
paid out what was seen there.
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
        if src.balance < amount:
            raise InsufficientFunds(f"{src.owner} can't pay {amount}")
        with self.lock:
            src.balance -= amount
            dst.balance += amount

    def audit(self):
        """Return the sum of all balances."""
        with self.lock:
            return sum(account.balance for account in self.accounts)
