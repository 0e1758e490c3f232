"""Each way out releases the lock by itself: right, and hard to keep right."""

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
        if src not in self.balances or dst not in self.balances:
            self.lock.release()
            raise NoSuchAccount(f"{src} or {dst}")
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
        self.lock.acquire()
        balance = self.balances.get(name)
        self.lock.release()
        if balance is None:
            raise NoSuchAccount(name)
        return balance

    def audit(self):
        """Return the sum of all balances."""
        self.lock.acquire()
        total = sum(self.balances[name] for name in self.balances)
        self.lock.release()
        return total
