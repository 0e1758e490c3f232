"""A bank whose auditors take the tellers' lock, and take home a copy."""

import threading


class InsufficientFunds(Exception):
    """The account to pay from holds less than the amount."""


class Bank:
    """A bank that knows its customers by name: `Bank(alice=100, bob=100)`.

    Who reads takes the lock as well: not to protect the books from himself, but himself from the
    moment at which they are wrong.
    """

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
        with self.lock:
            return sum(self.balances[name] for name in self.balances)

    def snapshot(self):
        """Return a dict with the balance of each name, as they are at one moment."""
        with self.lock:
            return dict(self.balances)
