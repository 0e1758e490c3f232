"""Finding: InvariantViolated

The balance is looked at before the threads have ended: nobody waits for them.
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
    for _ in range(2):
        threading.Thread(target=bank.deposit, args=(10,)).start()
    assert bank.balance == 20


threads = ()
