"""Finding: SelfDeadlock
Test: test_no_payment_of_the_family_is_lost

The account's lock and the bank's are one and the same: who holds the one waits for the other, which
he holds himself.
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
            with self.account.bank.lock:
                self.account.bank.payments += 1


class Account:
    """Money that all holders of a card can spend."""

    def __init__(self, bank, balance):
        self.bank = bank
        self.balance = balance
        self.lock = bank.lock

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
