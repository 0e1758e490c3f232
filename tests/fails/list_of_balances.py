"""Finding: LostUpdate

The textbook transfer, its balances in: list of balances.
"""


def setup():
    return [100, 100]


def transfer(balances, i, j, amount):
    balances[i] -= amount
    balances[j] += amount


def total(balances):
    return balances[0] + balances[-1]


def one(balances):
    transfer(balances, 0, 1, 60)


def two(balances):
    transfer(balances, -1, -2, 30)


threads = (one, two)


def at_end(balances):
    return total(balances) == 200
