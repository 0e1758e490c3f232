"""Finding: LostUpdate
Test: test_no_deposit_is_lost

Whether the lock is free is asked, but nobody ever takes it: it is always free.
"""

import threading
import time


class Account:
    """Money that several tellers pay into."""

    def __init__(self, balance):
        self.balance = balance
        self.lock = threading.Lock()

    def deposit(self, amount):
        """Pay `amount` into the account."""
        while self.lock.locked():
            time.sleep(0.001)
        self.balance += amount
