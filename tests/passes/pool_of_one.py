"""A task waits for another task of the same pool, and the pool has a worker for each."""

from concurrent.futures import ThreadPoolExecutor

WORKERS = 2


def setup():
    with ThreadPoolExecutor(max_workers=WORKERS) as pool:

        def fee():
            return 1

        def payment():
            return 10 + pool.submit(fee).result()

        assert pool.submit(payment).result() == 11


threads = ()
