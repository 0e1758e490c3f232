"""Finding: TornRead
Test: test_the_total_is_never_torn

The sum is kept up to date rather than added up, and each half of a transfer changes it: between
the two it is wrong, and it is read without the lock.
"""

import threading


class InsufficientFunds(Exception):
    """The account to pay from holds less than the amount."""


class Bank:
    """A bank that knows its customers by name: `Bank(alice=100, bob=100)`."""

    def __init__(self, **balances):
        self.balances = balances
        self.lock = threading.Lock()
        self.sum = sum(balances.values())

    def _change(self, name, amount):
        self.balances[name] += amount
        self.sum += amount

    def transfer(self, src, dst, amount):
        """Move `amount` from `src` to `dst`, or raise InsufficientFunds."""
        with self.lock:
            if self.balances[src] < amount:
                raise InsufficientFunds(f"{src} can't pay {amount}")
            self._change(src, -amount)
            self._change(dst, amount)

    def total(self):
        """Return the sum of all balances."""
        return self.sum

    def snapshot(self):
        """Return a dict with the balance of each name."""
        with self.lock:
            return dict(self.balances)
