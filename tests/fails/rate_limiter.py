"""Finding: StaleCheck

Two payments look at the clock and at the last payment's time, and both go at once.
"""

import threading
import time


class Limiter:
    def __init__(self):
        self.free_at = 0
        self.passed = []
        self.lock = threading.Lock()

    def wait(self):
        now = time.monotonic()
        while now < self.free_at:
            time.sleep(self.free_at - now)
            now = time.monotonic()
        with self.lock:
            self.free_at = now + 1
            self.passed.append(now)


def setup():
    return Limiter()


def payment(limiter):
    limiter.wait()


threads = (payment, payment)


def at_end(limiter):
    return abs(limiter.passed[0] - limiter.passed[1]) >= 1
