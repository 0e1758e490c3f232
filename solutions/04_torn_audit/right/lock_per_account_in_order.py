"""A lock for each account; whoever needs several takes them in the order of the names."""

import threading
from contextlib import ExitStack


class InsufficientFunds(Exception):
    """The account to pay from holds less than the amount."""


class Bank:
    """A bank that knows its customers by name: `Bank(alice=100, bob=100)`."""

    def __init__(self, **balances):
        self.balances = balances
        self.locks = {name: threading.Lock() for name in balances}

    def _locked(self, names):
        """The locks of these names, first name first, so that nobody waits in a circle."""
        stack = ExitStack()
        for name in sorted(names):
            stack.enter_context(self.locks[name])
        return stack

    def transfer(self, src, dst, amount):
        """Move `amount` from `src` to `dst`, or raise InsufficientFunds."""
        with self._locked({src, dst}):
            if self.balances[src] < amount:
                raise InsufficientFunds(f"{src} can't pay {amount}")
            self.balances[src] -= amount
            self.balances[dst] += amount

    def total(self):
        """Return the sum of all balances."""
        with self._locked(self.locks):
            return sum(self.balances.values())

    def snapshot(self):
        """Return a dict with the balance of each name."""
        with self._locked(self.locks):
            return dict(self.balances)
