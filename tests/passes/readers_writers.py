"""The first reader locks the writers out before any other reader can come in."""

import threading


class Books:
    def __init__(self):
        self.alice = 100
        self.bob = 0
        self.readers = 0
        self.mutex = threading.Lock()
        self.room = threading.Lock()

    def total(self):
        with self.mutex:
            self.readers += 1
            if self.readers == 1:
                self.room.acquire()
        total = self.alice + self.bob
        with self.mutex:
            self.readers -= 1
            if self.readers == 0:
                self.room.release()
        return total

    def move(self, amount):
        with self.room:
            self.alice -= amount
            self.bob += amount


def setup():
    return Books()


def reader(books):
    assert books.total() == 100


def writer(books):
    books.move(30)


threads = (writer, reader, reader)
