"""Finding: TornRead
Test: test_the_auditor_never_sees_money_in_flight

`transfer` lets go of the lock so that its halves can take it: between them nobody holds it.
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
            self.lock.release()  # or they would wait for us
            self.withdraw(src, amount)
            self.deposit(dst, amount)
            self.lock.acquire()

    def audit(self):
        """Return the sum of all balances."""
        with self.lock:
            return sum(account.balance for account in self.accounts)
