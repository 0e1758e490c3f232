"""Finding: TornRead
Test: test_the_total_is_never_torn

The tellers share a lock and the auditors share another; a teller and an auditor don't keep each
other out.
"""

import threading


class InsufficientFunds(Exception):
    """The account to pay from holds less than the amount."""


class Bank:
    """A bank that knows its customers by name: `Bank(alice=100, bob=100)`."""

    def __init__(self, **balances):
        self.balances = balances
        self.lock = threading.Lock()
        self.audit_lock = threading.Lock()

    def transfer(self, src, dst, amount):
        """Move `amount` from `src` to `dst`, or raise InsufficientFunds."""
        with self.lock:
            if self.balances[src] < amount:
                raise InsufficientFunds(f"{src} can't pay {amount}")
            self.balances[src] -= amount
            self.balances[dst] += amount

    def total(self):
        """Return the sum of all balances."""
        with self.audit_lock:
            return sum(self.balances.values())

    def snapshot(self):
        """Return a dict with the balance of each name."""
        with self.audit_lock:
            return dict(self.balances)
