"""Finding: Livelock
Test: test_insufficient_funds_keep_nobody_out

A flag in place of a lock (which is no lock, either): after an exception it stays up, and
everybody who comes later waits for it to go down.
"""

import time


class NoSuchAccount(Exception):
    """Nobody of that name has an account here."""


class InsufficientFunds(Exception):
    """The account to pay from holds less than the amount."""


class Bank:
    """A bank that knows its customers by name: `Bank(alice=100, bob=100)`."""

    def __init__(self, **balances):
        self.balances = balances
        self.busy = False

    def _enter(self):
        while self.busy:
            time.sleep(0.001)
        self.busy = True

    def transfer(self, src, dst, amount):
        """Move `amount` from the account named `src` to the one named `dst`."""
        self._enter()
        for name in (src, dst):
            if name not in self.balances:
                raise NoSuchAccount(name)
        if src == dst:
            return
        if self.balances[src] < amount:
            raise InsufficientFunds(f"{src} can't pay {amount}")
        self.balances[src] -= amount
        self.balances[dst] += amount
        self.busy = False

    def balance_of(self, name):
        """Return what is in an account."""
        balance = self.balances.get(name)
        if balance is None:
            raise NoSuchAccount(name)
        return balance

    def audit(self):
        """Return the sum of all balances."""
        return sum(self.balances[name] for name in self.balances)
