"""Finding: LostUpdate

The textbook transfer, its balances in: getter.
"""


class Account:
    def __init__(self, balance):
        self._balance = balance

    def get_balance(self):
        return self._balance

    def set_balance(self, balance):
        self._balance = balance


def setup():
    return Account(100), Account(100)


def transfer(src, dst, amount):
    src.set_balance(src.get_balance() - amount)
    dst.set_balance(dst.get_balance() + amount)


def total(alice, bob):
    return alice.get_balance() + bob.get_balance()


def one(alice, bob):
    transfer(alice, bob, 60)


def two(alice, bob):
    transfer(bob, alice, 30)


threads = (one, two)


def at_end(alice, bob):
    return total(alice, bob) == 200
