"""Finding: LostUpdate
Test: test_no_money_is_lost

Debits have one lock and credits another, but both change the same balances: a debit and a
credit of one account do not keep each other out.
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
        self.debits = threading.Lock()
        self.credits = threading.Lock()

    def open(self, owner, balance):
        """Open an account and return it. Nobody opens accounts while others work."""
        account = Account(owner, balance)
        self.accounts.append(account)
        return account

    def transfer(self, src, dst, amount):
        """Move `amount` from `src` to `dst`, or raise InsufficientFunds."""
        with self.debits:
            if src.balance < amount:
                raise InsufficientFunds(f"{src.owner} can't pay {amount}")
            src.balance -= amount
        with self.credits:
            dst.balance += amount

    def audit(self):
        """Return the sum of all balances."""
        with self.debits, self.credits:
            return sum(account.balance for account in self.accounts)
