class A:
    def __init__(self): self.v = 0
def inc(a, n): a.v += n
