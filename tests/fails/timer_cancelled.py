"""Finding: InvariantViolated

The timer is cancelled too late: it has fired already, and the payment is made and refunded.
"""

import threading


class Payment:
    def __init__(self):
        self.paid = False
        self.refunded = False

    def expire(self):
        self.refunded = True

    def pay(self):
        timer = threading.Timer(30, self.expire)
        timer.start()
        self.paid = True
        timer.cancel()


def setup():
    return Payment()


def shopper(payment):
    payment.pay()


threads = (shopper,)


def at_end(payment):
    return not (payment.paid and payment.refunded)
