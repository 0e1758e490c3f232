"""Finding: Deadlock

The consumer takes the mutex first and then waits for an item, which nobody can put any more.
"""

import threading


class Buffer:
    def __init__(self, capacity):
        self.items = []
        self.mutex = threading.Lock()
        self.filled = threading.Semaphore(0)
        self.free = threading.Semaphore(capacity)

    def put(self, item):
        self.free.acquire()
        with self.mutex:
            self.items.append(item)
        self.filled.release()

    def get(self):
        with self.mutex:
            self.filled.acquire()
            item = self.items.pop(0)
        self.free.release()
        return item


def setup():
    return Buffer(1)


def producer(buffer):
    buffer.put("one")


def consumer(buffer):
    assert buffer.get() == "one"


threads = (producer, consumer)
