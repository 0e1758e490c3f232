"""Finding: ThreadCrashed

A bounded semaphore is given back by one who may not have got it: the timeout is not looked at.
"""

import threading


class Bank:
    def __init__(self):
        self.counters = threading.BoundedSemaphore(1)
        self.served = 0

    def serve(self):
        self.counters.acquire(timeout=10)
        self.served += 1
        self.counters.release()


def setup():
    return Bank()


def customer(bank):
    bank.serve()


threads = (customer, customer)
