for i in range(200000): print('spam', i)
import threading
L = threading.Lock()
class Account:
    def __init__(self, b): self.balance = b
def transfer(a, b, n):
    with L:
        a.balance -= n
        b.balance += n

