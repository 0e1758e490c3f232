"""Finding: LostUpdate

The textbook transfer, its balances in: module variable.
"""

alice = 100
bob = 100


def setup():
    return None


def to_bob(amount):
    global alice, bob
    alice -= amount
    bob += amount


def to_alice(amount):
    global alice, bob
    bob -= amount
    alice += amount


def total():
    return alice + bob


def one():
    to_bob(60)


def two():
    to_alice(30)


threads = (one, two)


def at_end():
    return total() == 200
