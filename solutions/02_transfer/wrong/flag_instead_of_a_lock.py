"""Finding: LostUpdate
Test: test_no_money_is_lost

Two threads can both see that the flag is down before either of them puts it up, and then both
are in.
"""

import time


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
        self.busy = False

    def open(self, owner, balance):
        """Open an account and return it. Nobody opens accounts while others work."""
        account = Account(owner, balance)
        self.accounts.append(account)
        return account

    def _enter(self):
        while self.busy:
            time.sleep(0.001)
        self.busy = True

    def _leave(self):
        self.busy = False

    def transfer(self, src, dst, amount):
        """Move `amount` from `src` to `dst`, or raise InsufficientFunds."""
        self._enter()
        try:
            if src.balance < amount:
                raise InsufficientFunds(f"{src.owner} can't pay {amount}")
            src.balance -= amount
            dst.balance += amount
        finally:
            self._leave()

    def audit(self):
        """Return the sum of all balances."""
        self._enter()
        try:
            return sum(account.balance for account in self.accounts)
        finally:
            self._leave()
