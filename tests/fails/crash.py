"""Finding: ThreadCrashed

Two threads remove the same account.
"""


def setup():
    return {"alice": 100}


def one(accounts):
    if "alice" in accounts:
        del accounts["alice"]


threads = (one, one)
