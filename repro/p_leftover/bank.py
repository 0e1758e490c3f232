import threading
class Account:
    def __init__(self, b): self.balance = b; self.lock = threading.Lock()
    def deposit(self, n):
        with self.lock: self.balance += n
