"""Finding: InvariantViolated
Test: test_a_snapshot_stays_as_it_is

Books and sheet are two dicts, but there is one sheet for all, and whoever transfers brings it up
to date: it changes in the auditor's hands.
"""

import threading


class InsufficientFunds(Exception):
    """The account to pay from holds less than the amount."""


class Bank:
    """A bank that knows its customers by name: `Bank(alice=100, bob=100)`."""

    def __init__(self, **balances):
        self.balances = balances
        self.lock = threading.Lock()
        self.sheet = dict(balances)

    def transfer(self, src, dst, amount):
        """Move `amount` from `src` to `dst`, or raise InsufficientFunds."""
        with self.lock:
            if self.balances[src] < amount:
                raise InsufficientFunds(f"{src} can't pay {amount}")
            self.balances[src] -= amount
            self.balances[dst] += amount
            self.sheet.update(self.balances)

    def total(self):
        """Return the sum of all balances."""
        with self.lock:
            return sum(self.balances.values())

    def snapshot(self):
        """Return a dict with the balance of each name."""
        with self.lock:
            return self.sheet
