"""Finding: LostUpdate
Test: test_no_deposit_is_lost

Each thread has a lock of its own: it never has to wait, and so it keeps nobody out.
"""

import threading


class Account:
    """Money that several tellers pay into."""

    def __init__(self, balance):
        self.balance = balance
        self.mine = threading.local()

    def deposit(self, amount):
        """Pay `amount` into the account."""
        if not hasattr(self.mine, "lock"):
            self.mine.lock = threading.Lock()
        with self.mine.lock:
            self.balance += amount
