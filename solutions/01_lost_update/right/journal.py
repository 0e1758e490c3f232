"""No number is ever changed: each deposit is one line more in a journal.

`list.append` is a single step on every Python, so there is nothing between reading and writing.
"""


class Account:
    """Money that several tellers pay into."""

    def __init__(self, balance):
        self.journal = [balance]

    @property
    def balance(self):
        return sum(self.journal)

    def deposit(self, amount):
        """Pay `amount` into the account."""
        self.journal.append(amount)
