"""Double-checked, and the table of rates is filled before anybody can see it."""

import threading


class Exchange:
    def __init__(self):
        self.rates = None
        self.lock = threading.Lock()

    def rate(self, currency):
        if self.rates is None:
            with self.lock:
                if self.rates is None:
                    rates = {}
                    rates["EUR"] = 2
                    self.rates = rates
        return self.rates[currency]


def setup():
    return Exchange()


def user(exchange):
    assert exchange.rate("EUR") == 2


threads = (user, user)
