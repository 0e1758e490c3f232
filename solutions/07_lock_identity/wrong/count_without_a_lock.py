"""Finding: LostUpdate
Test: test_payments_from_one_account_are_counted

The account's lock is released when the payment is counted, and the count has none.
"""

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
        self.account.bank.payments += 1


class Account:
    """Money that all holders of a card can spend."""

    def __init__(self, bank, balance):
        self.bank = bank
        self.balance = balance
        self.lock = threading.Lock()

    def card(self):
        """Return a new card for this account."""
        return Card(self)


class Bank:
    """Many accounts, and one count of all payments."""

    def __init__(self):
        self.payments = 0

    def open(self, balance):
        """Open an account and return it."""
        return Account(self, balance)
