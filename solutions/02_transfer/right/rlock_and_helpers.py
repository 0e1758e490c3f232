"""An RLock, and small helpers that each take it once more."""

from threading import RLock


class InsufficientFunds(Exception):
    """The account to pay from holds less than the amount."""


class Account:
    """What one customer has."""

    def __init__(self, owner, balance):
        self.owner = owner
        self.balance = balance


class Bank:
    """Several accounts, several tellers, and one auditor."""

    def __init__(self):
        self.accounts = []
        self._books = RLock()

    def open(self, owner, balance):
        """Open an account and return it. Nobody opens accounts while others work."""
        account = Account(owner, balance)
        self.accounts.append(account)
        return account

    def transfer(self, src, dst, amount):
        """Move `amount` from `src` to `dst`, or raise InsufficientFunds."""
        with self._books:
            self._debit(src, amount)
            self._credit(dst, amount)

    def _debit(self, account, amount):
        with self._books:
            left = account.balance - amount
            if left < 0:
                raise InsufficientFunds(f"{account.owner} can't pay {amount}")
            account.balance = left

    def _credit(self, account, amount):
        with self._books:
            account.balance += amount

    def audit(self):
        """Return the sum of all balances."""
        with self._books:
            return sum(account.balance for account in self.accounts)
