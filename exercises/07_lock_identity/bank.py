"""A bank with a lock in every class, and none of them where it belongs."""

import threading


class InsufficientFunds(Exception):
    """The account to pay from holds less than the amount."""


class Card:
    """One of several cards for the same account."""

    def __init__(self, account):
        self.account = account
        self.lock = threading.Lock()

    def pay(self, amount):
        """Take `amount` out of the account, and count the payment.

        If there is less than `amount` in it, raise InsufficientFunds and change nothing.
        """
        with self.lock:
            if self.account.balance < amount:
                raise InsufficientFunds(f"{self.account.balance} is less than {amount}")
            self.account.balance -= amount
        self.account.count_payment()


class Account:
    """Money that all holders of a card can spend."""

    def __init__(self, bank, balance):
        self.bank = bank
        self.balance = balance
        self.lock = threading.Lock()

    def card(self):
        """Return a new card for this account."""
        return Card(self)

    def count_payment(self):
        """Tell the bank that a payment was made."""
        with self.lock:
            self.bank.payments += 1


class Bank:
    """Many accounts, and one count of all payments.

    Your task: make the three classes safe for any number of threads.
    """

    def __init__(self):
        self.payments = 0

    def open(self, balance):
        """Open an account and return it."""
        return Account(self, balance)
