"""Finding: LostUpdate
Test: test_no_money_is_lost

There is no lock, so nobody is locked out, and nobody kept out either: one of two transfers
is lost.
"""


class NoSuchAccount(Exception):
    """Nobody of that name has an account here."""


class InsufficientFunds(Exception):
    """The account to pay from holds less than the amount."""


class Bank:
    """A bank that knows its customers by name: `Bank(alice=100, bob=100)`."""

    def __init__(self, **balances):
        self.balances = balances

    def transfer(self, src, dst, amount):
        """Move `amount` from the account named `src` to the one named `dst`."""
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
        if name not in self.balances:
            raise NoSuchAccount(name)
        return self.balances[name]

    def audit(self):
        """Return the sum of all balances."""
        return sum(self.balances[name] for name in self.balances)
