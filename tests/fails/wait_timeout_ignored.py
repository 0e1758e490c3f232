"""Finding: ThreadCrashed

The wait for a letter may time out, and the letter is taken all the same.
"""

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
            if not self.letters:
                self.arrived.wait(timeout=60)
            return self.letters.pop()


def setup():
    return Mailbox()


def postman(mailbox):
    mailbox.put("bill")


def tenant(mailbox):
    mailbox.take()


threads = (tenant, postman)
