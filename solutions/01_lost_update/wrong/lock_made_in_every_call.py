"""Finding: LostUpdate
Test: test_no_deposit_is_lost

Each call makes a lock of its own, which nobody else can ever hold: it keeps nobody out.
"""

import threading


class Account:
    """Money that several tellers pay into."""

    def __init__(self, balance):
        self.balance = balance

    def deposit(self, amount):
        """Pay `amount` into the account."""
        lock = threading.Lock()
        with lock:
            self.balance += amount
