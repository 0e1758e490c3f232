"""Finding: LostUpdate

The textbook transfer, its balances in: attribute.
"""


class Account:
    def __init__(self, balance):
        self.balance = balance


def setup():
    return Account(100), Account(100)


def transfer(src, dst, amount):
    src.balance -= amount
    dst.balance += amount


def total(alice, bob):
    return alice.balance + bob.balance


def one(alice, bob):
    transfer(alice, bob, 60)


def two(alice, bob):
    transfer(bob, alice, 30)


threads = (one, two)


def at_end(alice, bob):
    return total(alice, bob) == 200
