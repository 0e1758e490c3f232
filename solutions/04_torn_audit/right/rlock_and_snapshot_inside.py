"""`total` holds an RLock and calls `snapshot`, which takes it once more."""

from threading import RLock


class InsufficientFunds(Exception):
    """The account to pay from holds less than the amount."""


class Bank:
    """A bank that knows its customers by name: `Bank(alice=100, bob=100)`."""

    def __init__(self, **balances):
        self.balances = balances
        self._books = RLock()

    def transfer(self, src, dst, amount):
        """Move `amount` from `src` to `dst`, or raise InsufficientFunds."""
        with self._books:
            if self.balances[src] < amount:
                raise InsufficientFunds(f"{src} can't pay {amount}")
            self.balances[src] -= amount
            self.balances[dst] += amount

    def total(self):
        """Return the sum of all balances."""
        with self._books:
            return sum(self.snapshot().values())

    def snapshot(self):
        """Return a dict with the balance of each name."""
        with self._books:
            return {**self.balances}
