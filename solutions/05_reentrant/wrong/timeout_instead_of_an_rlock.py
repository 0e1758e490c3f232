"""Finding: ThreadCrashed
Test: test_a_transfer_comes_to_its_end

`withdraw` waits for a moment, goes on without the lock, and releases it all the same: it was
the lock of its caller, who then releases what nobody holds.
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
        self.lock = threading.Lock()

    def open(self, owner, balance):
        """Open an account and return it. Nobody opens accounts while others work."""
        account = Account(owner, balance)
        self.accounts.append(account)
        return account

    def deposit(self, account, amount):
        """Pay `amount` into an account."""
        self.lock.acquire(timeout=0.1)  # in a transfer it is ours already
        try:
            account.balance += amount
        finally:
            self.lock.release()

    def withdraw(self, account, amount):
        """Take `amount` out of an account, or raise InsufficientFunds."""
        self.lock.acquire(timeout=0.1)  # in a transfer it is ours already
        try:
            if account.balance < amount:
                raise InsufficientFunds(f"{account.owner} can't pay {amount}")
            account.balance -= amount
        finally:
            self.lock.release()

    def transfer(self, src, dst, amount):
        """Withdraw from `src` and deposit into `dst`, as one operation."""
        with self.lock:
            self.withdraw(src, amount)
            self.deposit(dst, amount)

    def audit(self):
        """Return the sum of all balances."""
        with self.lock:
            return sum(account.balance for account in self.accounts)
