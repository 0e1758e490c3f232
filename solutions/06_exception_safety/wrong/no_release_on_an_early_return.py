"""Finding: OrphanedLock
Test: test_a_transfer_to_oneself_keeps_nobody_out

All exceptions are taken care of, but the early `return` leaves with the lock in its hand.
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
        try:
            for name in (src, dst):
                if name not in self.balances:
                    raise NoSuchAccount(name)
            if src == dst:
                return
            if self.balances[src] < amount:
                raise InsufficientFunds(f"{src} can't pay {amount}")
            self.balances[src] -= amount
            self.balances[dst] += amount
        except (NoSuchAccount, InsufficientFunds):
            self.lock.release()
            raise
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
