"""Payment and count are one operation: the account's lock is held until the bank has counted."""

from threading import RLock


class InsufficientFunds(Exception):
    """The account to pay from holds less than the amount."""


class Card:
    """One of several cards for the same account."""

    def __init__(self, account):
        self.account = account

    def pay(self, amount):
        """Take `amount` out of the account, and count the payment."""
        with self.account.lock:
            self.account.take(amount)


class Account:
    """Money that all holders of a card can spend."""

    def __init__(self, bank, balance):
        self.bank = bank
        self.balance = balance
        self.lock = RLock()

    def card(self):
        """Return a new card for this account."""
        return Card(self)

    def take(self, amount):
        with self.lock:
            if self.balance < amount:
                raise InsufficientFunds(f"{self.balance} is less than {amount}")
            self.balance -= amount
            with self.bank.lock:
                self.bank.payments += 1


class Bank:
    """Many accounts, and one count of all payments."""

    def __init__(self):
        self.payments = 0
        self.lock = RLock()

    def open(self, balance):
        """Open an account and return it."""
        return Account(self, balance)
