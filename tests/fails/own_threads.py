"""Finding: LostUpdate

The program starts and joins its own threads; no lock.
"""

import threading


class Bank:
    def __init__(self):
        self.balance = 0
        self.lock = threading.Lock()

    def deposit(self, amount):
        self.balance += amount


def setup():
    bank = Bank()
    threads = [threading.Thread(target=bank.deposit, args=(10,)) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert bank.balance == 20
    return bank


threads = ()
