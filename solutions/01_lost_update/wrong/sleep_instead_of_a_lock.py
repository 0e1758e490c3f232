"""Finding: LostUpdate
Test: test_no_deposit_is_lost

Waiting for a moment makes a collision less likely on a good day, and keeps nobody out.
"""

import random
import time


class Account:
    """Money that several tellers pay into."""

    def __init__(self, balance):
        self.balance = balance

    def deposit(self, amount):
        """Pay `amount` into the account."""
        time.sleep(random.random() / 100)  # so that tellers don't come at the same moment
        self.balance += amount
