"""The barber looks into the waiting room and falls asleep under one lock."""

import threading


class Shop:
    def __init__(self):
        self.waiting = 0
        self.bell = threading.Condition()

    def enter(self):
        with self.bell:
            self.waiting += 1
            self.bell.notify()

    def cut(self):
        with self.bell:
            while self.waiting == 0:
                self.bell.wait()
            self.waiting -= 1


def setup():
    return Shop()


def barber(shop):
    shop.cut()
    shop.cut()


def customer(shop):
    shop.enter()


threads = (barber, customer, customer)


def at_end(shop):
    return shop.waiting == 0
