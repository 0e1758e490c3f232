"""A thread starts threads of its own; a lock."""

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

    def branch():
        inner = [threading.Thread(target=bank.deposit, args=(10,)) for _ in range(2)]
        for teller in inner:
            teller.start()
        for teller in inner:
            teller.join()

    outer = threading.Thread(target=branch)
    outer.start()
    outer.join()
    assert bank.balance == 20


threads = ()
