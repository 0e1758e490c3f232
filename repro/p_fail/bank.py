class A:
    v = 0
def setup(): return A()
def inc(a): a.v += 1
