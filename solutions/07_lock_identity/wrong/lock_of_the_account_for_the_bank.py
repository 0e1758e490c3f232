"""Finding: LostUpdate
Test: test_payments_from_two_accounts_are_counted

The bank's count is guarded by the account's lock, and each account has another one: the count has
as many locks as there are accounts.
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
        with self.account.lock:
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
