"""Finding: OrphanedLock
Test: test_no_deposit_is_lost

The lock is taken and never given back: the first deposit is the last one.
"""

import threading


class Account:
    """Money that several tellers pay into."""

    def __init__(self, balance):
        self.balance = balance
        self.lock = threading.Lock()

    def deposit(self, amount):
        """Pay `amount` into the account."""
        self.lock.acquire()
        self.balance += amount
