"""The bank keeps the locks in a table, by the accounts' numbers; `setdefault` is a single step."""

import threading


class InsufficientFunds(Exception):
    """The account to pay from holds less than the amount."""


class Card:
    """One of several cards for the same account."""

    def __init__(self, account):
        self.account = account

    def pay(self, amount):
        """Take `amount` out of the account, and count the payment."""
        with self.account.bank.lock_of(self.account.number):
            if self.account.balance < amount:
                raise InsufficientFunds(f"{self.account.balance} is less than {amount}")
            self.account.balance -= amount
        with self.account.bank.lock_of("payments"):
            self.account.bank.payments += 1


class Account:
    """Money that all holders of a card can spend."""

    def __init__(self, bank, number, balance):
        self.bank = bank
        self.number = number
        self.balance = balance

    def card(self):
        """Return a new card for this account."""
        return Card(self)


class Bank:
    """Many accounts, and one count of all payments."""

    def __init__(self):
        self.payments = 0
        self.opened = 0
        self.locks = {}

    def open(self, balance):
        """Open an account and return it."""
        self.opened += 1
        return Account(self, self.opened, balance)

    def lock_of(self, what):
        """The lock of an account, by its number, or of the `payments`."""
        return self.locks.setdefault(what, threading.Lock())
