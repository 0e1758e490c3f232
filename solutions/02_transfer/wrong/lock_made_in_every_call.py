"""Finding: LostUpdate
Test: test_no_money_is_lost

Each call makes a lock of its own, which nobody else can ever hold: it keeps nobody out.
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

    def open(self, owner, balance):
        """Open an account and return it. Nobody opens accounts while others work."""
        account = Account(owner, balance)
        self.accounts.append(account)
        return account

    def transfer(self, src, dst, amount):
        """Move `amount` from `src` to `dst`, or raise InsufficientFunds."""
        lock = threading.Lock()
        with lock:
            if src.balance < amount:
                raise InsufficientFunds(f"{src.owner} can't pay {amount}")
            src.balance -= amount
            dst.balance += amount

    def audit(self):
        """Return the sum of all balances."""
        lock = threading.Lock()
        with lock:
            return sum(account.balance for account in self.accounts)
