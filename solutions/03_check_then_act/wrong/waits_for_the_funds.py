"""Finding: Livelock
Test: test_a_withdrawal_needs_the_funds

Instead of being refused, the customer is kept at the cash machine until there is enough: here,
for ever.
"""

import threading
import time


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
        while True:
            with self.lock:
                if self.balance >= amount:
                    self.balance -= amount
                    return
            time.sleep(0.001)
