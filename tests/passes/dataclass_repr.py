"""A dataclass is printed with the lock held."""

import threading
from dataclasses import dataclass


@dataclass
class Account:
    balance: int = 0
    entries: int = 0


lock = threading.Lock()


def setup():
    return Account()


def deposit(account):
    with lock:
        account.balance += 10
        account.entries += 1


def statement(account):
    with lock:
        text = str(account)
    assert text in ("Account(balance=0, entries=0)", "Account(balance=10, entries=1)")


threads = (deposit, statement)
