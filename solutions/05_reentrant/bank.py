"""A bank whose operations call one another under one lock, which its holder may take again."""

import threading


class InsufficientFunds(Exception):
    """The account to pay from holds less than the amount."""


class Account:
    """What one customer has."""

    def __init__(self, owner, balance):
        self.owner = owner
        self.balance = balance


class Bank:
    """Customers pay in, take out and transfer, all at the same time.

    Each public operation takes the lock. `transfer` holds it from its first half to its second,
    and the two halves take it once more: that is what an RLock is for.
    """

    def __init__(self):
        self.accounts = []
        self.lock = threading.RLock()

    def open(self, owner, balance):
        """Open an account and return it. Nobody opens accounts while others work."""
        account = Account(owner, balance)
        self.accounts.append(account)
        return account

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
