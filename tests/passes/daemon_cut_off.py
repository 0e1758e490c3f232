"""A daemon thread is waited for before the program ends."""

import threading


class Bank:
    def __init__(self):
        self.balance = 0
        self.lock = threading.Lock()

    def deposit(self, amount):
        with self.lock:
            self.balance += amount


def setup():
    bank = Bank()
    teller = threading.Thread(target=bank.deposit, args=(10,), daemon=True)
    teller.start()
    teller.join()
    return bank


def at_end(bank):
    return bank.balance == 10


threads = ()
