"""The same by hand: acquire before `try`, release in `finally`."""

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
        finally:
            self.lock.release()

    def balance_of(self, name):
        """Return what is in an account."""
        self.lock.acquire()
        try:
            if name not in self.balances:
                raise NoSuchAccount(name)
            return self.balances[name]
        finally:
            self.lock.release()

    def audit(self):
        """Return the sum of all balances."""
        self.lock.acquire()
        try:
            return sum(self.balances[name] for name in self.balances)
        finally:
            self.lock.release()
