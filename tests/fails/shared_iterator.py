"""Finding: InvariantViolated

Two account numbers in a row are taken from one iterator.
"""

import threading

lock = threading.Lock()
numbers = iter([1, 2, 3, 4])


def setup():
    return None


def open_two(*_):
    first = next(numbers)
    second = next(numbers)
    assert second == first + 1


threads = (open_two, open_two)
