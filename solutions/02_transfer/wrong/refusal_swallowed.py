"""Finding: InvariantViolated
Test: test_a_refused_transfer_changes_nothing

The error of a debit that was refused is swallowed, and the receiver is paid all the same: the
money comes from nowhere. No race is needed for this one.
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
    """Several accounts, several tellers, and one auditor."""

    def __init__(self):
        self.accounts = []
        self.lock = threading.Lock()

    def open(self, owner, balance):
        """Open an account and return it. Nobody opens accounts while others work."""
        account = Account(owner, balance)
        self.accounts.append(account)
        return account

    def transfer(self, src, dst, amount):
        """Move `amount` from `src` to `dst`, or raise InsufficientFunds."""
        with self.lock:
            try:
                self._debit(src, amount)
            except InsufficientFunds:
                pass  # the customer need not know
            dst.balance += amount

    def _debit(self, account, amount):
        if account.balance < amount:
            raise InsufficientFunds(f"{account.owner} can't pay {amount}")
        account.balance -= amount

    def audit(self):
        """Return the sum of all balances."""
        with self.lock:
            return sum(account.balance for account in self.accounts)
