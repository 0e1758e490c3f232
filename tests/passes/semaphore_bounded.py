"""A bounded semaphore is given back by those who have got it."""

import threading


class Bank:
    def __init__(self):
        self.counters = threading.BoundedSemaphore(1)
        self.served = 0

    def serve(self):
        if not self.counters.acquire(timeout=10):
            return
        self.served += 1
        self.counters.release()


def setup():
    return Bank()


def customer(bank):
    bank.serve()


threads = (customer, customer)
