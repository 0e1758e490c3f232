"""A lock for each account, always taken in the order of their numbers."""

import threading
from contextlib import ExitStack


class InsufficientFunds(Exception):
    """The account to pay from holds less than the amount."""


class Account:
    """What one customer has, and the lock that guards it."""

    def __init__(self, number, owner, balance):
        self.number = number
        self.owner = owner
        self.balance = balance
        self.lock = threading.RLock()


class Bank:
    """Several accounts, several tellers, and one auditor."""

    def __init__(self):
        self.accounts = []

    def open(self, owner, balance):
        """Open an account and return it. Nobody opens accounts while others work."""
        account = Account(len(self.accounts), owner, balance)
        self.accounts.append(account)
        return account

    def _locked(self, accounts):
        """All the accounts' locks, lowest number first, so that nobody waits in a circle."""
        stack = ExitStack()
        for account in sorted(accounts, key=lambda account: account.number):
            stack.enter_context(account.lock)
        return stack

    def transfer(self, src, dst, amount):
        """Move `amount` from `src` to `dst`, or raise InsufficientFunds."""
        with self._locked([src, dst]):
            if src.balance < amount:
                raise InsufficientFunds(f"{src.owner} can't pay {amount}")
            src.balance -= amount
            dst.balance += amount

    def audit(self):
        """Return the sum of all balances."""
        with self._locked(self.accounts):
            return sum(account.balance for account in self.accounts)
