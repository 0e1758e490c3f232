"""Finding: TornRead
Test: test_the_total_is_never_torn

The auditor adds up again if a transfer was made meanwhile. But transfers are counted when they
are over, so one that is half done goes unnoticed.
"""

import threading


class InsufficientFunds(Exception):
    """The account to pay from holds less than the amount."""


class Bank:
    """A bank that knows its customers by name: `Bank(alice=100, bob=100)`."""

    def __init__(self, **balances):
        self.balances = balances
        self.lock = threading.Lock()
        self.transfers = 0

    def transfer(self, src, dst, amount):
        """Move `amount` from `src` to `dst`, or raise InsufficientFunds."""
        with self.lock:
            if self.balances[src] < amount:
                raise InsufficientFunds(f"{src} can't pay {amount}")
            self.balances[src] -= amount
            self.balances[dst] += amount
            self.transfers += 1

    def total(self):
        """Return the sum of all balances."""
        while True:
            before = self.transfers
            total = sum(self.balances.values())
            if self.transfers == before:
                return total

    def snapshot(self):
        """Return a dict with the balance of each name."""
        with self.lock:
            return dict(self.balances)
