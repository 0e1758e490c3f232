"""Finding: LostUpdate
Test: test_no_deposit_is_lost

The read holds the lock and the write holds it, but between the two it is released, and what was
read gets out of date.
"""

import threading


class Account:
    """Money that several tellers pay into."""

    def __init__(self, balance):
        self.balance = balance
        self.lock = threading.Lock()

    def deposit(self, amount):
        """Pay `amount` into the account."""
        with self.lock:
            before = self.balance
        after = before + amount
        with self.lock:
            self.balance = after
