"""Each account counts its own payments under its own lock; the bank adds the counts up."""

import threading


class InsufficientFunds(Exception):
    """The account to pay from holds less than the amount."""


class Card:
    """One of several cards for the same account."""

    def __init__(self, account):
        self.account = account

    def pay(self, amount):
        """Take `amount` out of the account, and count the payment."""
        with self.account.lock:
            if self.account.balance < amount:
                raise InsufficientFunds(f"{self.account.balance} is less than {amount}")
            self.account.balance -= amount
            self.account.payments += 1


class Account:
    """Money that all holders of a card can spend."""

    def __init__(self, bank, balance):
        self.bank = bank
        self.balance = balance
        self.payments = 0
        self.lock = threading.Lock()

    def card(self):
        """Return a new card for this account."""
        return Card(self)


class Bank:
    """Many accounts, each with a count of its payments."""

    def __init__(self):
        self.accounts = []

    def open(self, balance):
        """Open an account and return it."""
        account = Account(self, balance)
        self.accounts.append(account)
        return account

    @property
    def payments(self):
        return sum(account.payments for account in self.accounts)
