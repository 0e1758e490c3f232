"""Finding: LostUpdate
Test: test_no_deposit_is_lost

The write is locked and the read is not: by the time the lock is held, the value that is to be
written may be out of date.
"""

import threading


class Account:
    """Money that several tellers pay into."""

    def __init__(self, balance):
        self.balance = balance
        self.lock = threading.Lock()

    def deposit(self, amount):
        """Pay `amount` into the account."""
        after = self.balance + amount
        with self.lock:
            self.balance = after
