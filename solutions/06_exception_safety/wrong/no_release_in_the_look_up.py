"""Finding: OrphanedLock
Test: test_an_unknown_name_keeps_nobody_out

Only `transfer` was made safe: asking for the balance of an unknown name raises between acquire
and release, and not even a transfer gets in any more.
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
        self.lock.acquire()
        if name not in self.balances:
            raise NoSuchAccount(name)
        balance = self.balances[name]
        self.lock.release()
        return balance

    def audit(self):
        """Return the sum of all balances."""
        with self.lock:
            return sum(self.balances[name] for name in self.balances)
