"""The threads are waited for by way of `threading.enumerate`."""

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
    for thread in threading.enumerate():
        if thread is not threading.main_thread():
            thread.join()
    assert bank.balance == 20
    assert threading.active_count() == 1


threads = ()
