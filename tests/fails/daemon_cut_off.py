"""Finding: InvariantViolated

A daemon thread is cut off when the program ends, at any step.
"""

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
    threading.Thread(target=bank.deposit, args=(10,), daemon=True).start()
    return bank


def at_end(bank):
    return bank.balance == 10


threads = ()
