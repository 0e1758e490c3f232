"""The loop gives up."""


class Bank:
    def __init__(self):
        self.balance = 10


def setup():
    return Bank()


def one(bank):
    for _ in range(3):
        try:
            if bank.balance < 100:
                raise ValueError("not enough")
            return
        except BaseException:
            continue


threads = (one, one)
