"""Finding: TornRead
Test: test_the_auditor_never_sees_money_in_flight

The tellers lock and the auditor does not: he adds up balances in the middle of a transfer.
A lock keeps out only those who take it.
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
        with self.lock:
            if src.balance < amount:
                raise InsufficientFunds(f"{src.owner} can't pay {amount}")
            src.balance -= amount
            dst.balance += amount

    def audit(self):
        """Return the sum of all balances."""
        return sum(account.balance for account in self.accounts)
