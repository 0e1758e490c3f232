"""Finding: LostUpdate
Test: test_no_deposit_is_lost

A teller who has waited long enough goes on without the lock, as if nobody held it.
"""

import threading


class Account:
    """Money that several tellers pay into."""

    def __init__(self, balance):
        self.balance = balance
        self.lock = threading.Lock()

    def deposit(self, amount):
        """Pay `amount` into the account."""
        got_it = self.lock.acquire(timeout=0.1)
        self.balance += amount
        if got_it:
            self.lock.release()
