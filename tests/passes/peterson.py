"""Peterson's algorithm: two take turns by flags alone, and spin until it is theirs.

Survives: there is no end to how often the other can be looked at.
"""


class Bank:
    def __init__(self):
        self.balance = 0
        self.interested = [False, False]
        self.turn = 0


def setup():
    return Bank()


def deposit(bank, mine):
    other = 1 - mine
    bank.interested[mine] = True
    bank.turn = other
    while bank.interested[other] and bank.turn == other:
        pass
    bank.balance += 10
    bank.interested[mine] = False


def alice(bank):
    deposit(bank, 0)


def bob(bank):
    deposit(bank, 1)


threads = (alice, bob)


def at_end(bank):
    return bank.balance == 20
