"""Finding: LostUpdate
Test: test_no_payment_of_the_family_is_lost

There is no lock at all: two cards read the same balance, and one payment is lost.
"""


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
        self.account.balance -= amount
        self.account.bank.count_payment()


class Account:
    """Money that all holders of a card can spend."""

    def __init__(self, bank, balance):
        self.bank = bank
        self.balance = balance

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

    def count_payment(self):
        """One payment more."""
        self.payments += 1
