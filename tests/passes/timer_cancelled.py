"""Who pays and the timer agree under a lock which of them was first."""

import threading


class Payment:
    def __init__(self):
        self.lock = threading.Lock()
        self.paid = False
        self.refunded = False

    def expire(self):
        with self.lock:
            if not self.paid:
                self.refunded = True

    def pay(self):
        timer = threading.Timer(30, self.expire)
        timer.start()
        with self.lock:
            if not self.refunded:
                self.paid = True
        timer.cancel()


def setup():
    return Payment()


def shopper(payment):
    payment.pay()


threads = (shopper,)


def at_end(payment):
    return not (payment.paid and payment.refunded)
