"""A list changes while `in` goes through it, because it calls an `__eq__`."""


class Account:
    def __init__(self, number):
        self.number = number

    def __eq__(self, other):
        return self.number == other.number


accounts = [Account(1), Account(2)]
wanted = Account(2)


def setup():
    return None


def close(*_):
    del accounts[0]


def look(*_):
    assert wanted in accounts


threads = (close, look)
