"""The program has a hook of its own for exceptions that leave a thread."""

import threading


class Bank:
    def __init__(self):
        self.balance = 0
        self.lock = threading.Lock()

    def deposit(self, amount):
        with self.lock:
            self.balance += amount


def setup():
    bank = Bank()
    lost = []

    def note(args):
        lost.append((args.thread.name, args.exc_type))

    threading.excepthook = note

    def pay(parts):
        bank.deposit(10 // parts)

    tellers = [threading.Thread(target=pay, name=str(n), args=(n,)) for n in (1, 0)]
    for teller in tellers:
        teller.start()
    for teller in tellers:
        teller.join()
    assert bank.balance == 10
    assert lost == [("0", ZeroDivisionError)]


threads = ()
