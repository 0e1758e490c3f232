import threading
class Bank:
    def __init__(self):
        self.lock = threading.Lock()
        self.total = 0
        self.log = []
    def deposit(self, n):
        with self.lock:
            self.total += n
    def notify(self, n):
        self.log.append(n)
    def handle(self, n):
        self.deposit(n)
        threading.Thread(target=self.notify, args=(n,)).start()
