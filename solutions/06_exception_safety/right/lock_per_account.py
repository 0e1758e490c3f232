"""A lock for each account, taken in the order of the names, once each."""

import threading
from contextlib import ExitStack


class NoSuchAccount(Exception):
    """Nobody of that name has an account here."""


class InsufficientFunds(Exception):
    """The account to pay from holds less than the amount."""


class Bank:
    """A bank that knows its customers by name: `Bank(alice=100, bob=100)`."""

    def __init__(self, **balances):
        self.balances = balances
        self.locks = {name: threading.Lock() for name in balances}

    def _locked(self, *names):
        """The locks of some accounts, lowest name first."""
        for name in names:
            if name not in self.locks:
                raise NoSuchAccount(name)
        with ExitStack() as stack:
            for name in sorted(set(names)):
                stack.enter_context(self.locks[name])
            return stack.pop_all()

    def transfer(self, src, dst, amount):
        """Move `amount` from the account named `src` to the one named `dst`."""
        with self._locked(src, dst):
            if src == dst:
                return
            if self.balances[src] < amount:
                raise InsufficientFunds(f"{src} can't pay {amount}")
            self.balances[src] -= amount
            self.balances[dst] += amount

    def balance_of(self, name):
        """Return what is in an account."""
        with self._locked(name):
            return self.balances[name]

    def audit(self):
        """Return the sum of all balances."""
        with self._locked(*self.locks):
            return sum(self.balances[name] for name in self.balances)
