"""Each card has a `lock`, but it is the account's own: the same object under another name."""

import threading


class InsufficientFunds(Exception):
    """The account to pay from holds less than the amount."""


class Card:
    """One of several cards for the same account."""

    def __init__(self, account):
        self.account = account
        self.lock = account.lock

    def pay(self, amount):
        """Take `amount` out of the account, and count the payment."""
        self.lock.acquire()
        try:
            if self.account.balance < amount:
                raise InsufficientFunds(f"{self.account.balance} is less than {amount}")
            self.account.balance -= amount
        finally:
            self.lock.release()
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
