"""Each thread waits for those that it has started."""

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
        inner = threading.Thread(target=bank.deposit, args=(10,))
        inner.start()
        inner.join()

    threading.Thread(target=branch).start()
    for thread in threading.enumerate():
        if thread is not threading.current_thread():
            thread.join()
    assert bank.balance == 10


threads = ()
