"""A bounded buffer: a condition for each role, and who is woken looks again."""

import threading


class Buffer:
    def __init__(self, capacity):
        self.items = []
        self.capacity = capacity
        self.lock = threading.Lock()
        self.not_full = threading.Condition(self.lock)
        self.not_empty = threading.Condition(self.lock)

    def put(self, item):
        with self.not_full:
            while len(self.items) == self.capacity:
                self.not_full.wait()
            self.items.append(item)
            self.not_empty.notify()

    def get(self):
        with self.not_empty:
            while len(self.items) == 0:
                self.not_empty.wait()
            item = self.items.pop(0)
            self.not_full.notify()
            return item


def setup():
    return Buffer(1)


def producer(buffer):
    buffer.put("one")
    buffer.put("two")


def consumer(buffer):
    buffer.get()


threads = (consumer, consumer, producer)


def at_end(buffer):
    return buffer.items == []
