"""Two consumers, and the producer puts a sentinel for each."""

import queue


class Till:
    def __init__(self):
        self.payments = queue.Queue()


def setup():
    return Till()


def producer(till):
    till.payments.put(10)
    till.payments.put(None)
    till.payments.put(None)


def consumer(till):
    while till.payments.get() is not None:
        pass


threads = (producer, consumer, consumer)
