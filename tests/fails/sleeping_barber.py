"""Finding: LostWakeup

The barber finds the waiting room empty; a customer comes and rings; then the barber falls asleep.
"""

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
        if self.waiting == 0:
            with self.bell:
                self.bell.wait()
        with self.bell:
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
