"""The textbook transfer under a lock, its balances in: list item."""

import threading

lock = threading.Lock()


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
    with lock:
        transfer(accounts, 0, 1, 60)


def two(accounts):
    with lock:
        transfer(accounts, 1, 0, 30)


threads = (one, two)


def at_end(accounts):
    return total(accounts) == 200
