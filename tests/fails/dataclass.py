"""Finding: LostUpdate

The textbook transfer, its balances in: dataclass.
"""

from dataclasses import dataclass


@dataclass
class Account:
    balance: int = 100


def setup():
    return Account(), Account()


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
