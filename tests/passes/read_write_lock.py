"""A read-write lock: who writes waits until nobody reads, and keeps the readers out."""

import threading


class ReadWriteLock:
    def __init__(self):
        self.readers = 0
        self.writing = False
        self.changed = threading.Condition()

    def acquire_read(self):
        with self.changed:
            while self.writing:
                self.changed.wait()
            self.readers += 1

    def release_read(self):
        with self.changed:
            self.readers -= 1
            self.changed.notify_all()

    def acquire_write(self):
        with self.changed:
            while self.writing or self.readers > 0:
                self.changed.wait()
            self.writing = True

    def release_write(self):
        with self.changed:
            self.writing = False
            self.changed.notify_all()


class Bank:
    def __init__(self):
        self.lock = ReadWriteLock()
        self.alice = 100
        self.bob = 0
        self.total = 0


def setup():
    return Bank()


def transfer(bank):
    bank.lock.acquire_write()
    bank.alice -= 30
    bank.bob += 30
    bank.lock.release_write()


def audit(bank):
    bank.lock.acquire_read()
    bank.total = bank.alice + bank.bob
    bank.lock.release_read()


threads = (transfer, audit)


def at_end(bank):
    return bank.total == 100
