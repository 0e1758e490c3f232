"""Who looks at the clock and who sleeps does so under the lock: one payment a second.

Survives: the clock can say more than is tried.
"""

import threading
import time


class Limiter:
    def __init__(self):
        self.free_at = 0
        self.passed = []
        self.lock = threading.Lock()

    def wait(self):
        with self.lock:
            now = time.monotonic()
            while now < self.free_at:
                time.sleep(self.free_at - now)
                now = time.monotonic()
            self.free_at = now + 1
            self.passed.append(now)


def setup():
    return Limiter()


def payment(limiter):
    limiter.wait()


threads = (payment, payment)


def at_end(limiter):
    return abs(limiter.passed[0] - limiter.passed[1]) >= 1
