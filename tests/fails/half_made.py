"""Finding: ThreadCrashed

Double-checked, but the table of rates is there for all to see before it is filled.
"""

import threading


class Exchange:
    def __init__(self):
        self.rates = None
        self.lock = threading.Lock()

    def rate(self, currency):
        if self.rates is None:
            with self.lock:
                if self.rates is None:
                    self.rates = {}
                    self.rates["EUR"] = 2
        return self.rates[currency]


def setup():
    return Exchange()


def user(exchange):
    assert exchange.rate("EUR") == 2


threads = (user, user)
