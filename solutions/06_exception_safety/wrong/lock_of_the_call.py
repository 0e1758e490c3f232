"""Finding: LostUpdate
Test: test_no_money_is_lost

`with` makes sure that the lock is released; but each call has a lock of its own.
"""

import threading


class NoSuchAccount(Exception):
    """Nobody of that name has an account here."""


class InsufficientFunds(Exception):
    """The account to pay from holds less than the amount."""


class Bank:
    """A bank that knows its customers by name: `Bank(alice=100, bob=100)`."""

    def __init__(self, **balances):
        self.balances = balances

    def transfer(self, src, dst, amount):
        """Move `amount` from the account named `src` to the one named `dst`."""
        with threading.Lock():
            for name in (src, dst):
                if name not in self.balances:
                    raise NoSuchAccount(name)
            if src == dst:
                return
            if self.balances[src] < amount:
                raise InsufficientFunds(f"{src} can't pay {amount}")
            self.balances[src] -= amount
            self.balances[dst] += amount

    def balance_of(self, name):
        """Return what is in an account."""
        with threading.Lock():
            if name not in self.balances:
                raise NoSuchAccount(name)
            return self.balances[name]

    def audit(self):
        """Return the sum of all balances."""
        with threading.Lock():
            return sum(self.balances[name] for name in self.balances)
