"""Finding: LostUpdate
Test: test_no_deposit_is_lost

Two tellers can both see that the flag is down before either of them puts it up, and then both
are in.
"""

import time


class Account:
    """Money that several tellers pay into."""

    def __init__(self, balance):
        self.balance = balance
        self.busy = False

    def deposit(self, amount):
        """Pay `amount` into the account."""
        while self.busy:
            time.sleep(0.001)
        self.busy = True
        self.balance += amount
        self.busy = False
