"""Finding: Deadlock
Test: test_no_money_is_lost

An RLock is safe against its own thread, not against another one: two transfers in opposite
directions take the two accounts' locks in opposite orders.
"""

import threading
from contextlib import ExitStack


class InsufficientFunds(Exception):
    """The account to pay from holds less than the amount."""


class Account:
    """What one customer has, and the lock that guards it."""

    def __init__(self, owner, balance):
        self.owner = owner
        self.balance = balance
        self.lock = threading.RLock()


class Bank:
    """Customers pay in, take out and transfer, all at the same time."""

    def __init__(self):
        self.accounts = []

    def open(self, owner, balance):
        """Open an account and return it. Nobody opens accounts while others work."""
        account = Account(owner, balance)
        self.accounts.append(account)
        return account

    def deposit(self, account, amount):
        """Pay `amount` into an account."""
        with account.lock:
            account.balance += amount

    def withdraw(self, account, amount):
        """Take `amount` out of an account, or raise InsufficientFunds."""
        with account.lock:
            if account.balance < amount:
                raise InsufficientFunds(f"{account.owner} can't pay {amount}")
            account.balance -= amount

    def transfer(self, src, dst, amount):
        """Withdraw from `src` and deposit into `dst`, as one operation."""
        with src.lock, dst.lock:
            self.withdraw(src, amount)
            self.deposit(dst, amount)

    def audit(self):
        """Return the sum of all balances."""
        with ExitStack() as stack:
            for account in self.accounts:
                stack.enter_context(account.lock)
            return sum(account.balance for account in self.accounts)
