"""Finding: StaleCheck
Test: test_the_account_is_not_overdrawn

It is the right lock, but it is taken too late: the funds are checked before.
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
        if self.account.balance < amount:
            raise InsufficientFunds(f"{self.account.balance} is less than {amount}")
        with self.account.lock:
            self.account.balance -= amount
        self.account.bank.count_payment()


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
        self.lock = threading.Lock()

    def open(self, balance):
        """Open an account and return it."""
        return Account(self, balance)

    def count_payment(self):
        """One payment more."""
        with self.lock:
            self.payments += 1
