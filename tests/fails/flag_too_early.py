"""Finding: InvariantViolated

The flag is set before the money is there.
"""


class Flag:
    def __init__(self):
        self.ready = False
        self.money = 0


def setup():
    return Flag()


def one(flag):
    flag.ready = True
    flag.money = 100


def two(flag):
    while not flag.ready:
        pass
    assert flag.money == 100


threads = (two, one)
