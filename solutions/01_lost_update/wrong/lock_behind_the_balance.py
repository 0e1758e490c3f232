"""Finding: LostUpdate
Test: test_no_deposit_is_lost

Each look at the balance is locked and each change of it, but `+=` is a look and then a change:
two locked steps, and nothing holds them together.
"""

from threading import RLock


class Account:
    """Money that several tellers pay into."""

    def __init__(self, balance):
        self._balance = balance
        self._lock = RLock()

    @property
    def balance(self):
        with self._lock:
            return self._balance

    @balance.setter
    def balance(self, value):
        with self._lock:
            self._balance = value

    def deposit(self, amount):
        """Pay `amount` into the account."""
        self.balance += amount
