"""The flag is set once the money is there.

Survives: there is no end to how often the flag can be looked at.
"""


class Flag:
    def __init__(self):
        self.ready = False
        self.money = 0


def setup():
    return Flag()


def one(flag):
    flag.money = 100
    flag.ready = True


def two(flag):
    while not flag.ready:
        pass
    assert flag.money == 100


threads = (two, one)
