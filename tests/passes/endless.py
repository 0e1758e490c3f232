"""A loop that ends."""


def setup():
    return None


def one():
    count = 0
    while count < 1000:
        count += 1


threads = (one,)
