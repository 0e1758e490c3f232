"""Finding: LostUpdate

The textbook transfer, its balances in: list item.
"""


class Account:
    def __init__(self, balance):
        self.balance = balance


def setup():
    return [Account(100), Account(100)]


def transfer(accounts, i, j, amount):
    accounts[i].balance -= amount
    accounts[j].balance += amount


def total(accounts):
    return sum(account.balance for account in accounts)


def one(accounts):
    transfer(accounts, 0, 1, 60)


def two(accounts):
    transfer(accounts, 1, 0, 30)


threads = (one, two)


def at_end(accounts):
    return total(accounts) == 200
