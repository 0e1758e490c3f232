"""Producers and consumers wait on one condition, and `notify_all` wakes them all."""

import threading


class Buffer:
    def __init__(self, capacity):
        self.items = []
        self.capacity = capacity
        self.changed = threading.Condition()

    def put(self, item):
        with self.changed:
            while len(self.items) == self.capacity:
                self.changed.wait()
            self.items.append(item)
            self.changed.notify_all()

    def get(self):
        with self.changed:
            while len(self.items) == 0:
                self.changed.wait()
            item = self.items.pop(0)
            self.changed.notify_all()
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
