"""Who comes second sees that it is gone."""


def setup():
    return {"alice": 100}


def one(accounts):
    accounts.pop("alice", None)


threads = (one, one)
