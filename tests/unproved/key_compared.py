"""The look-up of a key calls an `__eq__`, and the dict may change meanwhile."""


class Name:
    def __init__(self, text):
        self.text = text

    def __hash__(self):
        return 1

    def __eq__(self, other):
        return self.text == other.text


def setup():
    return {Name("alice"): 100, Name("bob"): 100}


def transfer(books):
    books[Name("alice")] = 40
    books[Name("bob")] = 160


def look(books):
    assert books[Name("alice")] in (40, 100)


threads = (transfer, look)
