"""An account that counts right, as long as only one teller pays in at a time."""


class Account:
    """Money that several tellers pay into.

    Your task: make this class safe for any number of threads.
    """

    def __init__(self, balance):
        self.balance = balance

    def deposit(self, amount):
        """Pay `amount` into the account. It is there when this returns."""
        self.balance += amount
