"""Acquire and release by hand, and sums that are added up in a loop."""

import threading


class InsufficientFunds(Exception):
    """The account to pay from holds less than the amount."""


class Bank:
    """A bank that knows its customers by name: `Bank(alice=100, bob=100)`."""

    def __init__(self, **balances):
        self.balances = balances
        self.lock = threading.Lock()

    def transfer(self, src, dst, amount):
        """Move `amount` from `src` to `dst`, or raise InsufficientFunds."""
        self.lock.acquire()
        try:
            left = self.balances[src] - amount
            if left < 0:
                raise InsufficientFunds(f"{src} can't pay {amount}")
            self.balances[src] = left
            self.balances[dst] += amount
        finally:
            self.lock.release()

    def total(self):
        """Return the sum of all balances."""
        total = 0
        self.lock.acquire()
        try:
            for balance in self.balances.values():
                total += balance
        finally:
            self.lock.release()
        return total

    def snapshot(self):
        """Return a dict with the balance of each name."""
        sheet = {}
        self.lock.acquire()
        try:
            for name in self.balances:
                sheet[name] = self.balances[name]
        finally:
            self.lock.release()
        return sheet
