"""A transfer that changes first, and puts everything back when something fails."""

import threading
from contextlib import contextmanager


class NoSuchAccount(Exception):
    """Nobody of that name has an account here."""


class InsufficientFunds(Exception):
    """The account to pay from holds less than the amount."""


class Bank:
    """A bank that knows its customers by name: `Bank(alice=100, bob=100)`."""

    def __init__(self, **balances):
        self.balances = balances
        self.lock = threading.Lock()

    @contextmanager
    def _all_or_nothing(self):
        """Inside, nobody else is at the books; an exception undoes what was done there."""
        with self.lock:
            before = dict(self.balances)
            try:
                yield
            except BaseException:
                self.balances.update(before)
                raise

    def transfer(self, src, dst, amount):
        """Move `amount` from the account named `src` to the one named `dst`."""
        with self._all_or_nothing():
            try:
                self.balances[src] -= amount
                self.balances[dst] += amount
            except KeyError as error:
                raise NoSuchAccount(*error.args) from None
            if self.balances[src] < 0:
                raise InsufficientFunds(f"{src} can't pay {amount}")

    def balance_of(self, name):
        """Return what is in an account."""
        with self.lock:
            if name not in self.balances:
                raise NoSuchAccount(name)
            return self.balances[name]

    def audit(self):
        """Return the sum of all balances."""
        with self.lock:
            return sum(self.balances[name] for name in self.balances)
