"""Finding: TornRead
Test: test_the_total_is_never_torn

The tellers lock and the auditors don't: they add up balances in the middle of a transfer. A lock
keeps out only those who take it.
"""

import threading


class InsufficientFunds(Exception):
    """The account to pay from holds less than the amount."""


class Bank:
    """A bank that knows its customers by name: `Bank(alice=100, bob=100)`."""

    def __init__(self, **balances):
        self.balances = balances
        self.lock = threading.Lock()

    def transfer(self, src, dst, amount):
        """Move `amount` from `src` to `dst`, or raise InsufficientFunds."""
        with self.lock:
            if self.balances[src] < amount:
                raise InsufficientFunds(f"{src} can't pay {amount}")
            self.balances[src] -= amount
            self.balances[dst] += amount

    def total(self):
        """Return the sum of all balances."""
        return sum(self.balances[name] for name in self.balances)

    def snapshot(self):
        """Return a dict with the balance of each name."""
        return dict(self.balances)
