"""Who has waited in vain goes home without a letter."""

import threading


class Mailbox:
    def __init__(self):
        self.letters = []
        self.arrived = threading.Condition()

    def put(self, letter):
        with self.arrived:
            self.letters.append(letter)
            self.arrived.notify()

    def take(self):
        with self.arrived:
            while not self.letters:
                if not self.arrived.wait(timeout=60):
                    return None
            return self.letters.pop()


def setup():
    return Mailbox()


def postman(mailbox):
    mailbox.put("bill")


def tenant(mailbox):
    mailbox.take()


threads = (tenant, postman)
