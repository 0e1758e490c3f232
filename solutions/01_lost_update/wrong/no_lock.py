"""Finding: LostUpdate
Test: test_no_deposit_is_lost

There is no lock at all: two tellers read the same balance, and the second one's write undoes
the first one's.
"""


class Account:
    """Money that several tellers pay into."""

    def __init__(self, balance):
        self.balance = balance

    def deposit(self, amount):
        """Pay `amount` into the account."""
        self.balance = self.balance + amount
