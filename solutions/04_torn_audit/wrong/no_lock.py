"""Finding: LostUpdate
Test: test_no_money_is_lost

There is no lock at all. The auditors see money in flight; and worse, the tellers lose some.
"""


class InsufficientFunds(Exception):
    """The account to pay from holds less than the amount."""


class Bank:
    """A bank that knows its customers by name: `Bank(alice=100, bob=100)`."""

    def __init__(self, **balances):
        self.balances = balances

    def transfer(self, src, dst, amount):
        """Move `amount` from `src` to `dst`, or raise InsufficientFunds."""
        if self.balances[src] < amount:
            raise InsufficientFunds(f"{src} can't pay {amount}")
        self.balances[src] -= amount
        self.balances[dst] += amount

    def total(self):
        """Return the sum of all balances."""
        return sum(self.balances.values())

    def snapshot(self):
        """Return a dict with the balance of each name."""
        return dict(self.balances)
