import threading, sys
LOCKS = [threading.Lock(), threading.Lock()]
box = {}
objs = []
logs = [[], [], [], [], [], []]
class N:
    def __init__(self, v=0): self.v = v; self.l = threading.Lock()
class M:
    v = 0
total = 0
def setup():
    box['a'] = N()
def show(o):
    if isinstance(o, (N, M)): return type(o).__name__, o.v
    if isinstance(o, list): return ['L', *map(show, o)]
    return o
def at_end():
    sys._outs.add(repr((sorted((k, show(v)) for k, v in box.items()), [show(o) for o in objs], logs, total)))
def t0():
    m = M()
    box['a'] = m
    if not isinstance(m, list): m.v += 5
    def f():
        box['a'] = N(3)
    th = threading.Thread(target=f); th.start()
def t1():
    m = N(3)
    box['a'] = m
    if not isinstance(m, list): m.v += 5
def t2():
    def f():
        box['b'] = M()
    th = threading.Thread(target=f); th.start()
    m = [0]
    box['b'] = m
    if not isinstance(m, list): m.v += 5
    o = box.get('b')
    if isinstance(o, (N, M)): o.v = o.v * 2 + 3
    elif o: o[0] += 1
