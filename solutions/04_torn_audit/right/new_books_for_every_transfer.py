"""Books that nobody ever changes: a transfer writes new ones, and puts them in place in one step.

Readers need no lock: they fetch the books once, and what they have fetched stays as it is.
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
            books = dict(self.balances)
            books[src] -= amount
            books[dst] += amount
            if books[src] < 0:
                raise InsufficientFunds(f"{src} can't pay {amount}")
            self.balances = books

    def total(self):
        """Return the sum of all balances."""
        books = self.balances
        return sum(books.values())

    def snapshot(self):
        """Return a dict with the balance of each name."""
        return dict(self.balances)
