"""Finding: InvariantViolated

All threads that there are are waited for; one of them may start another after that.
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

    def branch():
        threading.Thread(target=bank.deposit, args=(10,)).start()

    threading.Thread(target=branch).start()
    for thread in threading.enumerate():
        if thread is not threading.current_thread():
            thread.join()
    assert bank.balance == 10


threads = ()
