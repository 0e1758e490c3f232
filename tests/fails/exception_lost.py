"""Finding: ThreadCrashed

A thread ends by an exception, and who joins it does not notice.
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

    def pay(parts):
        bank.deposit(10 // parts)

    tellers = [threading.Thread(target=pay, args=(parts,)) for parts in (1, 0)]
    for teller in tellers:
        teller.start()
    for teller in tellers:
        teller.join()
    assert bank.balance == 10


threads = ()
