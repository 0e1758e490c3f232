"""Two reads of one balance, the first by a format field, may differ."""


class Bank:
    def __init__(self):
        self.balance = 0


def setup():
    return Bank()


def one(bank):
    first, second = f"{bank.balance} {bank.balance}".split()
    assert first == second


def two(bank):
    bank.balance = 1


threads = (one, two)
