"""An RLock for each account; who needs several takes them in the order of their opening."""

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

    def _locked(self, *wanted):
        """All these accounts' locks, in one order for everybody."""
        stack = ExitStack()
        for account in self.accounts:
            if account in wanted:
                stack.enter_context(account.lock)
        return stack

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
        with self._locked(src, dst):
            self.withdraw(src, amount)
            self.deposit(dst, amount)

    def audit(self):
        """Return the sum of all balances."""
        with self._locked(*self.accounts):
            return sum(account.balance for account in self.accounts)
