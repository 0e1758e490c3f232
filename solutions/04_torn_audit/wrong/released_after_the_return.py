"""Finding: OrphanedLock
Test: test_the_total_is_never_torn

The release stands below the `return`, where nothing is ever run: the first audit is the last.
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
        self.lock.acquire()
        return sum(self.balances.values())
        self.lock.release()

    def snapshot(self):
        """Return a dict with the balance of each name."""
        with self.lock:
            return dict(self.balances)
