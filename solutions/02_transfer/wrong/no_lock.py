"""Finding: LostUpdate
Test: test_no_money_is_lost

There is no lock at all: two tellers read the same balance, and the second one's write undoes
the first one's.
"""


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
        if src.balance < amount:
            raise InsufficientFunds(f"{src.owner} can't pay {amount}")
        src.balance -= amount
        dst.balance += amount

    def audit(self):
        """Return the sum of all balances."""
        return sum(account.balance for account in self.accounts)
