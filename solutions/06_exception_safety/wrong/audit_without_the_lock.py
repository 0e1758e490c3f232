"""Finding: TornRead
Test: test_the_auditor_never_sees_money_in_flight

A sum can't fail, so no lock is taken for it; but the auditor now adds up money in flight.
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
        self.lock = threading.Lock()

    def transfer(self, src, dst, amount):
        """Move `amount` from the account named `src` to the one named `dst`."""
        with self.lock:
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
        with self.lock:
            if name not in self.balances:
                raise NoSuchAccount(name)
            return self.balances[name]

    def audit(self):
        """Return the sum of all balances."""
        return sum(self.balances[name] for name in self.balances)
