"""Finding: TornRead
Test: test_the_total_is_never_torn

A transfer holds both accounts' locks, but the audit takes and releases them one after the other:
a transfer fits in between, and is seen by half.
"""

import threading


class InsufficientFunds(Exception):
    """The account to pay from holds less than the amount."""


class Bank:
    """A bank that knows its customers by name: `Bank(alice=100, bob=100)`."""

    def __init__(self, **balances):
        self.balances = balances
        self.locks = {name: threading.Lock() for name in balances}

    def transfer(self, src, dst, amount):
        """Move `amount` from `src` to `dst`, or raise InsufficientFunds."""
        first, second = sorted([src, dst])
        with self.locks[first], self.locks[second]:
            if self.balances[src] < amount:
                raise InsufficientFunds(f"{src} can't pay {amount}")
            self.balances[src] -= amount
            self.balances[dst] += amount

    def total(self):
        """Return the sum of all balances."""
        return sum(self.snapshot().values())

    def snapshot(self):
        """Return a dict with the balance of each name."""
        sheet = {}
        for name in self.balances:
            with self.locks[name]:
                sheet[name] = self.balances[name]
        return sheet
