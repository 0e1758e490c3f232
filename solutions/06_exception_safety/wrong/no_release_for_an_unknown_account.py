"""Finding: OrphanedLock
Test: test_an_unknown_receiver_keeps_nobody_out

The release before `raise InsufficientFunds` was thought of, the one for an account that does
not exist was not: the look-up raises while the lock is held.
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
        self.lock.acquire()
        for name in (src, dst):
            if name not in self.balances:
                raise NoSuchAccount(name)
        if src == dst:
            self.lock.release()
            return
        if self.balances[src] < amount:
            self.lock.release()
            raise InsufficientFunds(f"{src} can't pay {amount}")
        self.balances[src] -= amount
        self.balances[dst] += amount
        self.lock.release()

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
