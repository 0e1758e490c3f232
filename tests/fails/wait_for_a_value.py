"""Finding: ThreadCrashed

`wait_for` is handed what the condition is worth just now, rather than a function to ask.
"""

import threading


class Account:
    def __init__(self):
        self.balance = 0
        self.changed = threading.Condition()

    def deposit(self, amount):
        with self.changed:
            self.balance += amount
            self.changed.notify()

    def withdraw(self, amount):
        with self.changed:
            self.changed.wait_for(self.balance >= amount)
            self.balance -= amount


def setup():
    return Account()


def payer(account):
    account.deposit(10)


def shopper(account):
    account.withdraw(10)


threads = (shopper, payer)


def at_end(account):
    return account.balance == 0
