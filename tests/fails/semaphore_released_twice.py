"""Finding: LostUpdate

Who is refused gives back the permit twice, and then two are let in at once.
"""

import threading


class Bank:
    def __init__(self):
        self.balance = 0
        self.permit = threading.Semaphore(1)

    def withdraw(self, amount):
        self.permit.acquire()
        try:
            if self.balance < amount:
                self.permit.release()
                return
            self.balance -= amount
        finally:
            self.permit.release()

    def deposit(self, amount):
        with self.permit:
            self.balance += amount


def setup():
    return Bank()


def shopper(bank):
    bank.withdraw(100)


def payer(bank):
    bank.deposit(10)


threads = (shopper, payer, payer)


def at_end(bank):
    return bank.balance == 20
