"""One lock for the whole module: coarser than needed, and right."""

import threading

BOOKS = threading.Lock()
"""Whoever looks at a balance or changes one holds this."""


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

    def open(self, owner, balance):
        """Open an account and return it. Nobody opens accounts while others work."""
        account = Account(owner, balance)
        self.accounts.append(account)
        return account

    def transfer(self, src, dst, amount):
        """Move `amount` from `src` to `dst`, or raise InsufficientFunds."""
        with BOOKS:
            if amount > src.balance:
                raise InsufficientFunds(f"{src.owner} can't pay {amount}")
            src.balance, dst.balance = src.balance - amount, dst.balance + amount

    def audit(self):
        """Return the sum of all balances."""
        with BOOKS:
            balances = [account.balance for account in self.accounts]
        return sum(balances)
