"""Finding: LostUpdate
Test: test_no_deposit_is_lost

The lock is taken and given back before the work begins: it guards the empty line.
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
            pass  # now it is our turn
        self.balance += amount
