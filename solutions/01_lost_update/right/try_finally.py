"""A lock that is taken and given back by hand, with the reading and writing spelt out."""

import threading


class Account:
    """Money that several tellers pay into."""

    def __init__(self, balance):
        self.balance = balance
        self.lock = threading.Lock()

    def deposit(self, amount):
        """Pay `amount` into the account."""
        self.lock.acquire()
        try:
            before = self.balance
            after = before + amount
            self.balance = after
        finally:
            self.lock.release()
