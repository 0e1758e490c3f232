"""Finding: StaleCheck
Test: test_no_deposit_is_lost

Whether the balance is still the same is looked at once more before it is written; but between
this look and the write there is a gap again, only a smaller one.
"""


class Account:
    """Money that several tellers pay into."""

    def __init__(self, balance):
        self.balance = balance

    def deposit(self, amount):
        """Pay `amount` into the account."""
        while True:
            before = self.balance
            after = before + amount
            if self.balance == before:  # nobody was here in the meantime
                self.balance = after
                return
