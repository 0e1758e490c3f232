"""A thread that setup starts beside those of the scenario: both hold the lock."""

import threading


class Account:
    def __init__(self):
        self.balance = 100
        self.lock = threading.Lock()


def setup():
    account = Account()
    account.teller = threading.Thread(target=deposit, args=(account,))
    account.teller.start()
    return account


def deposit(account):
    with account.lock:
        account.balance += 10


def pay_interest(account):
    with account.lock:
        account.balance += 1
    account.teller.join()


threads = (pay_interest,)


def at_end(account):
    return account.balance == 111
