"""A number that guards itself, once for each balance and once for the count."""

import threading


class InsufficientFunds(Exception):
    """The account to pay from holds less than the amount."""


class Guarded:
    """A number with its lock."""

    def __init__(self, value):
        self.value = value
        self._lock = threading.Lock()

    def add(self, amount):
        """Whether `amount` could be added without falling below zero."""
        with self._lock:
            if self.value + amount < 0:
                return False
            self.value += amount
            return True


class Card:
    """One of several cards for the same account."""

    def __init__(self, account):
        self.account = account

    def pay(self, amount):
        """Take `amount` out of the account, and count the payment."""
        if not self.account.money.add(-amount):
            raise InsufficientFunds(f"{amount} can't be paid")
        self.account.bank.count.add(1)


class Account:
    """Money that all holders of a card can spend."""

    def __init__(self, bank, balance):
        self.bank = bank
        self.money = Guarded(balance)

    @property
    def balance(self):
        return self.money.value

    def card(self):
        """Return a new card for this account."""
        return Card(self)


class Bank:
    """Many accounts, and one count of all payments."""

    def __init__(self):
        self.count = Guarded(0)

    def open(self, balance):
        """Open an account and return it."""
        return Account(self, balance)

    @property
    def payments(self):
        return self.count.value
