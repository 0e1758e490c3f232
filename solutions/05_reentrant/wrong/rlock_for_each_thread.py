"""Finding: LostUpdate
Test: test_no_deposit_is_lost

Each thread has an RLock of its own: it never waits for itself, and for nobody else either.
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
    """Customers pay in, take out and transfer, all at the same time."""

    def __init__(self):
        self.accounts = []
        self.mine = threading.local()

    def open(self, owner, balance):
        """Open an account and return it. Nobody opens accounts while others work."""
        account = Account(owner, balance)
        self.accounts.append(account)
        return account

    @property
    def lock(self):
        """The lock that the current thread uses."""
        if not hasattr(self.mine, "lock"):
            self.mine.lock = threading.RLock()
        return self.mine.lock

    def deposit(self, account, amount):
        """Pay `amount` into an account."""
        with self.lock:
            account.balance += amount

    def withdraw(self, account, amount):
        """Take `amount` out of an account, or raise InsufficientFunds."""
        with self.lock:
            if account.balance < amount:
                raise InsufficientFunds(f"{account.owner} can't pay {amount}")
            account.balance -= amount

    def transfer(self, src, dst, amount):
        """Withdraw from `src` and deposit into `dst`, as one operation."""
        with self.lock:
            self.withdraw(src, amount)
            self.deposit(dst, amount)

    def audit(self):
        """Return the sum of all balances."""
        with self.lock:
            return sum(account.balance for account in self.accounts)
