"""Acquire and release by hand, on each of the two ways out."""

import threading


class InsufficientFunds(Exception):
    """The account holds less than the amount."""


class Account:
    """Money that several cash machines pay out."""

    def __init__(self, balance):
        self.balance = balance
        self.lock = threading.Lock()

    def deposit(self, amount):
        """Pay `amount` into the account."""
        self.lock.acquire()
        self.balance += amount
        self.lock.release()

    def withdraw(self, amount):
        """Take `amount` out of the account, or raise InsufficientFunds."""
        self.lock.acquire()
        left = self.balance - amount
        if left >= 0:
            self.balance = left
            self.lock.release()
            return
        self.lock.release()
        raise InsufficientFunds(f"{amount} can't be paid")
