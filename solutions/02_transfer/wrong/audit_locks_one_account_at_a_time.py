"""Finding: TornRead
Test: test_the_auditor_never_sees_money_in_flight

A transfer holds both accounts' locks, but the audit takes and releases them one after the
other: a transfer fits in between, and is seen by half.
"""

import threading


class InsufficientFunds(Exception):
    """The account to pay from holds less than the amount."""


class Account:
    """What one customer has, and the lock that guards it."""

    def __init__(self, number, owner, balance):
        self.number = number
        self.owner = owner
        self.balance = balance
        self.lock = threading.Lock()


class Bank:
    """Several accounts, several tellers, and one auditor."""

    def __init__(self):
        self.accounts = []

    def open(self, owner, balance):
        """Open an account and return it. Nobody opens accounts while others work."""
        account = Account(len(self.accounts), owner, balance)
        self.accounts.append(account)
        return account

    def transfer(self, src, dst, amount):
        """Move `amount` from `src` to `dst`, or raise InsufficientFunds."""
        first, second = sorted([src, dst], key=lambda account: account.number)
        with first.lock, second.lock:
            if src.balance < amount:
                raise InsufficientFunds(f"{src.owner} can't pay {amount}")
            src.balance -= amount
            dst.balance += amount

    def audit(self):
        """Return the sum of all balances."""
        total = 0
        for account in self.accounts:
            with account.lock:
                total += account.balance
        return total
