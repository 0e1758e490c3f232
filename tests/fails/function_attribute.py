"""Finding: LostUpdate

Calls are counted in an attribute of the function.
"""

import threading

lock = threading.Lock()


def setup():
    return None


def pay(*_):
    pay.calls += 1


pay.calls = 0
threads = (pay, pay)


def at_end(*_):
    return pay.calls == 2
