"""Finding: InvariantViolated
Test: test_a_deposit_comes_to_its_end

The deposit is left to a thread of its own, and `deposit` does not wait for it: the customer has
a receipt, and no money in the account yet.
"""

import threading


class Account:
    """Money that several tellers pay into."""

    def __init__(self, balance):
        self.balance = balance
        self.lock = threading.Lock()

    def _pay_in(self, amount):
        with self.lock:
            self.balance += amount

    def deposit(self, amount):
        """Pay `amount` into the account."""
        threading.Thread(target=self._pay_in, args=[amount]).start()
