"""A bank whose tellers lock, and whose auditors don't, because they only look."""

import threading


class InsufficientFunds(Exception):
    """The account to pay from holds less than the amount."""


class Bank:
    """A bank that knows its customers by name: `Bank(alice=100, bob=100)`.

    Your task: make this class safe for any number of threads. `transfer` is right as it stands.
    """

    def __init__(self, **balances):
        self.balances = balances
        self.lock = threading.Lock()

    def transfer(self, src, dst, amount):
        """Move `amount` from the account named `src` to the account named `dst`.

        If `src` holds less than `amount`, raise InsufficientFunds and change nothing.
        """
        with self.lock:
            if self.balances[src] < amount:
                raise InsufficientFunds(f"{src} can't pay {amount}")
            self.balances[src] -= amount
            self.balances[dst] += amount

    def total(self):
        """Return the sum of all balances. A transfer moves money: it never changes this sum."""
        return sum(self.balances[name] for name in self.balances)

    def snapshot(self):
        """Return a dict with the balance of each name, as they are at one moment."""
        return self.balances
