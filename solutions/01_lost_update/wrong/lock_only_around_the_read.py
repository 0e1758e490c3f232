"""Finding: LostUpdate
Test: test_no_deposit_is_lost

The read is locked and the write is not: in between, somebody else reads the same balance.
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
        self.balance = before + amount
