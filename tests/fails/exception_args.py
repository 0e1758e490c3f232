"""Finding: LostUpdate

What went wrong is counted in the arguments of one exception.
"""

import threading

lock = threading.Lock()
rejected = ValueError(0)


def setup():
    return None


def reject(*_):
    rejected.args = (rejected.args[0] + 1,)


threads = (reject, reject)


def at_end(*_):
    return rejected.args == (2,)
