"""Finding: ThreadCrashed
Test: test_both_are_paid_if_there_is_enough

Nobody waits: who does not get the lock at once is told that the funds don't suffice. They do.
"""

import threading


class InsufficientFunds(Exception):
    """The account holds less than the amount."""


class Account:
    """Money that several cash machines pay out."""

    def __init__(self, balance):
        self.balance = balance
        self.lock = threading.Lock()

    def deposit(self, amount):
        """Pay `amount` into the account."""
        with self.lock:
            self.balance += amount

    def withdraw(self, amount):
        """Take `amount` out of the account, or raise InsufficientFunds."""
        if not self.lock.acquire(blocking=False):
            raise InsufficientFunds("the account is busy")
        try:
            if self.balance < amount:
                raise InsufficientFunds(f"{self.balance} is less than {amount}")
            self.balance -= amount
        finally:
            self.lock.release()
