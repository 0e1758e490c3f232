"""Finding: LostUpdate
Test: test_a_new_card_is_as_good_as_an_old_one

Whenever a card is handed out the account gets a new lock, also when somebody is just holding the
old one.
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
        self.account.bank.count_payment()


class Account:
    """Money that all holders of a card can spend."""

    def __init__(self, bank, balance):
        self.bank = bank
        self.balance = balance
        self.lock = threading.Lock()

    def card(self):
        """Return a new card for this account."""
        self.lock = threading.Lock()  # to be on the safe side
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
