"""Finding: LostUpdate
Test: test_no_money_is_lost

Sleeping makes a collision less likely on a good day, and keeps nobody out.
"""

import time


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
        time.sleep(0.01)  # let the others finish first
        if src.balance < amount:
            raise InsufficientFunds(f"{src.owner} can't pay {amount}")
        src.balance -= amount
        dst.balance += amount

    def audit(self):
        """Return the sum of all balances."""
        return sum(account.balance for account in self.accounts)
