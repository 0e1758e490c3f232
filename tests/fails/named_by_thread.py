"""Finding: LostUpdate

Each thread's result under its name, and two of them have the same one.
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
    paid = {"teller": 0}

    def pay():
        bank.deposit(10)
        paid[threading.current_thread().name] += 10

    tellers = [threading.Thread(target=pay, name="teller") for _ in range(2)]
    for teller in tellers:
        teller.start()
    for teller in tellers:
        teller.join()
    assert sum(paid.values()) == bank.balance == 20


threads = ()
