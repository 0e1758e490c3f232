"""Finding: LostUpdate

Peterson's algorithm, the turn given away before the interest is shown: both may come in.
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
    bank.turn = other
    bank.interested[mine] = True
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
