"""A context manager of one's own, in which the balance can be looked at and changed."""

from contextlib import contextmanager
from threading import Lock


class InsufficientFunds(Exception):
    """The account holds less than the amount."""


class Account:
    """Money that several cash machines pay out."""

    def __init__(self, balance):
        self.balance = balance
        self._one_booking = Lock()

    @contextmanager
    def _booking(self):
        """Inside, nobody else books; what is yielded is the balance, for as long as that."""
        with self._one_booking:
            yield self.balance

    def deposit(self, amount):
        """Pay `amount` into the account."""
        with self._booking() as balance:
            self.balance = balance + amount

    def withdraw(self, amount):
        """Take `amount` out of the account, or raise InsufficientFunds."""
        with self._booking() as balance:
            if balance < amount:
                raise InsufficientFunds(f"{balance} is less than {amount}")
            self.balance = balance - amount
