"""An RLock of the module; operations use one another, and errors are translated."""

from threading import RLock

_books = RLock()


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
        with _books:
            if self.balance_of(src) < amount and src != dst:
                raise InsufficientFunds(f"{src} can't pay {amount}")
            self._put(dst, self.balance_of(dst) + amount)
            self._put(src, self.balance_of(src) - amount)

    def balance_of(self, name):
        """Return what is in an account."""
        with _books:
            try:
                return self.balances[name]
            except KeyError:
                raise NoSuchAccount(name) from None

    def audit(self):
        """Return the sum of all balances."""
        with _books:
            total = 0
            for balance in self.balances.values():
                total += balance
            return total

    def _put(self, name, balance):
        with _books:
            self.balances[name] = balance
