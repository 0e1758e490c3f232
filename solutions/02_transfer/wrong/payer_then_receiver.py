"""Finding: Deadlock
Test: test_no_money_is_lost

Each teller locks the payer and then the receiver. When Alice pays Bob while Bob pays Alice,
each holds what the other waits for.
"""

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
        with src.lock, dst.lock:
            if src.balance < amount:
                raise InsufficientFunds(f"{src.owner} can't pay {amount}")
            src.balance -= amount
            dst.balance += amount

    def audit(self):
        """Return the sum of all balances."""
        with ExitStack() as stack:
            for account in self.accounts:
                stack.enter_context(account.lock)
            return sum(account.balance for account in self.accounts)
