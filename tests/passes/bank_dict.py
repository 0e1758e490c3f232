"""The textbook transfer under a lock, its balances in: bank dict."""

import threading

lock = threading.Lock()


class Account:
    def __init__(self, balance):
        self.balance = balance


class Bank:
    def __init__(self):
        self.accounts = {"alice": Account(100), "bob": Account(100)}


def setup():
    return Bank()


def transfer(bank, src, dst, amount):
    bank.accounts[src].balance -= amount
    bank.accounts[dst].balance += amount


def total(bank):
    return sum(account.balance for account in bank.accounts.values())


def one(bank):
    with lock:
        transfer(bank, "alice", "bob", 60)


def two(bank):
    with lock:
        transfer(bank, "bob", "alice", 30)


threads = (one, two)


def at_end(bank):
    return total(bank) == 200
