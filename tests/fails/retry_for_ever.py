"""Finding: Livelock

Every exception is swallowed, and the loop goes on.
"""


class Bank:
    def __init__(self):
        self.balance = 10


def setup():
    return Bank()


def one(bank):
    while True:
        try:
            if bank.balance < 100:
                raise ValueError("not enough")
            return
        except BaseException:
            continue


threads = (one, one)
