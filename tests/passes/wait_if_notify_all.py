"""One item wakes both consumers, and each looks again: `while` around the wait."""

import threading


class Mailbox:
    def __init__(self):
        self.letters = []
        self.arrived = threading.Condition()

    def put(self, letter):
        with self.arrived:
            self.letters.append(letter)
            self.arrived.notify_all()

    def take(self):
        with self.arrived:
            while not self.letters:
                self.arrived.wait()
            return self.letters.pop()


def setup():
    return Mailbox()


def producer(mailbox):
    mailbox.put("bill")
    mailbox.put("letter")


def consumer(mailbox):
    mailbox.take()


threads = (consumer, consumer, producer)
