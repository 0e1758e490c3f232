"""An account in a cycle is booked once the collector comes upon it: when, is not tried."""

closed = []


class Account:
    def __init__(self):
        self.owner = self

    def __del__(self):
        closed.append(1)


def setup():
    return [Account()]


def close(accounts):
    accounts.clear()


def look(*_):
    assert not closed


threads = (close, look)
