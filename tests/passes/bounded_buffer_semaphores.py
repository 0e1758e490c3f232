"""Who waits for an item or a slot does so before taking the mutex."""

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
        self.filled.acquire()
        with self.mutex:
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
