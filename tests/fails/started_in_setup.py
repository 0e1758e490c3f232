"""Finding: LostUpdate

Setup starts a thread beside those of the scenario, and it takes no lock.
"""

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
    account.balance += 10


def pay_interest(account):
    with account.lock:
        account.balance += 1
    account.teller.join()


threads = (pay_interest,)


def at_end(account):
    return account.balance == 111
