"""Finding: TornRead
Test: test_the_total_is_never_torn

The sum is believed once it comes out twice the same. A teller who stands still in the middle of a
transfer is seen twice by half.
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
        while True:
            total = sum(self.balances.values())
            if total == sum(self.balances.values()):
                return total

    def snapshot(self):
        """Return a dict with the balance of each name."""
        with self.lock:
            return dict(self.balances)
