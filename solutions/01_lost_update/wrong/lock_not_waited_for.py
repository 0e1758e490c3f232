"""Finding: InvariantViolated
Test: test_no_deposit_is_lost

`acquire(blocking=False)` does not wait: a teller who does not get the lock goes home with the
money still in her hand.
"""

import threading


class Account:
    """Money that several tellers pay into."""

    def __init__(self, balance):
        self.balance = balance
        self.lock = threading.Lock()

    def deposit(self, amount):
        """Pay `amount` into the account."""
        if self.lock.acquire(blocking=False):
            self.balance += amount
            self.lock.release()
