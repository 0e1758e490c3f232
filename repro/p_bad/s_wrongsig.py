import threading
L = threading.Lock()
class Account:
    def __init__(self, b): self.balance = b
def transfer(a, b):
    with L:
        a.balance -= 1
        b.balance += 1

