"""A template that is not in the text names an attribute."""


class Account:
    balance = 100


template = "{0.balance}"


def setup():
    return Account()


def look(account):
    first, second = template.format(account), template.format(account)
    assert first == second


def change(account):
    account.balance = 40


threads = (look, change)
