### urandom_rare SURVIVED/INVALID
import os
v = 0
def setup(): return None
def t1():
    global v
    if os.urandom(1)[0] != 7: v = 1
def t2(): pass
def at_end(): return v == 1
### secrets_rare SURVIVED/INVALID
import secrets
v = 0
def setup(): return None
def t1():
    global v
    v = secrets.randbelow(100000)
def t2(): pass
def at_end(): return v != 7
### datetime_now SURVIVED/INVALID
import datetime
v = None
def setup(): return None
def t1():
    global v
    v = datetime.datetime.now()
def t2(): pass
def at_end(): return v.hour != 25 and v.second < 60 and v.microsecond != 999999
### uuid_rare SURVIVED/INVALID
import uuid
v = {}
def setup(): return None
def w(): v[uuid.uuid4()] = 1
def t1(): w()
def t2(): w()
def at_end(): return len(v) == 2
### systemrandom SURVIVED/INVALID
import random
r = random.SystemRandom()
v = 0
def setup(): return None
def t1():
    global v
    v = r.randrange(10 ** 9)
def t2(): pass
def at_end(): return v != 3
### environ SURVIVED/INVALID
import os
v = 0
def setup(): return None
def t1():
    global v
    v = 1 if os.getenv("SOME_SETTING_X") else 0
def t2(): pass
def at_end(): return v == 0
### hash_str SURVIVED/INVALID
import os
v = 0
def setup(): return None
def t1():
    global v
    v = hash("alice") % 1000
def t2(): pass
def at_end(): return v != 7
### str_set_order SURVIVED/INVALID
import threading
class A:
    def __init__(self): self.l = threading.Lock()
acc = {n: A() for n in ("alice", "bob", "carol", "dave")}
def setup(): return None
def w(names):
    for n in set(names): acc[n].l.acquire()
    for n in set(names): acc[n].l.release()
def t1(): w(["alice", "bob"])
def t2(): w(["bob", "alice"])
### str_set_order_cross SURVIVED/INVALID
order = []
import threading
L = threading.Lock()
def setup(): return None
def t1():
    with L:
        for n in {"alice", "bob", "carol"}: order.append(n)
def t2():
    with L: order.append("x")
def at_end(): return [o for o in order if o != "x"][0] != "carol"
### getpid SURVIVED/INVALID
import os
v = 0
def setup(): return None
def t1():
    global v
    v = os.getpid()
def t2(): pass
def at_end(): return v != 3
### file_io SURVIVED/INVALID
v = 0
def setup(): return None
def inc():
    try: n = int(open("/tmp/rv/counter.txt").read())
    except FileNotFoundError: n = 0
    with open("/tmp/rv/counter.txt", "w") as f: f.write(str(n + 1))
def t1(): inc()
def t2(): inc()
### hash_lock_order SURVIVED/INVALID
import threading
class A:
    def __init__(self, n): self.n = n; self.l = threading.Lock()
def setup(): return A('a'), A('b')
def tr(x, y):
    f, s = sorted((x, y), key=hash)
    with f.l, s.l: pass
def t1(a, b): tr(a, b)
def t2(a, b): tr(b, a)
### repr_lock_order SURVIVED/INVALID
import threading
class A:
    def __init__(self, n): self.n = n; self.l = threading.Lock()
def setup(): return A('a'), A('b')
def tr(x, y):
    f, s = sorted((x, y), key=repr)
    with f.l, s.l: pass
def t1(a, b): tr(a, b)
def t2(a, b): tr(b, a)
### lock_hash_order SURVIVED/INVALID
import threading
def setup(): return threading.Lock(), threading.Lock()
def tr(x, y):
    f, s = sorted((x, y), key=hash)
    with f, s: pass
def t1(a, b): tr(a, b)
def t2(a, b): tr(b, a)
### id_hidden SURVIVED/INVALID
import threading
from operator import *
class A:
    def __init__(self, n): self.n = n; self.l = threading.Lock()
def setup(): return A('a'), A('b')
def tr(x, y):
    f, s = sorted((x, y), key=object.__hash__)
    with f.l, s.l: pass
def t1(a, b): tr(a, b)
def t2(a, b): tr(b, a)
### monotonic SURVIVED/INVALID
from time import monotonic
v = 0
def setup(): return None
def t1():
    global v
    v = monotonic()
def t2(): pass
def at_end(): return v < 5
### os_times SURVIVED/INVALID
import os
v = 0
def setup(): return None
def t1():
    global v
    v = os.times().elapsed
def t2(): pass
def at_end(): return v > 0.5
### thread_ident_cmp PROVED/SURVIVED
import threading
first = None
def setup(): return None
def w():
    global first
    i = threading.get_ident()
    assert i
def t1(): w()
def t2(): w()
### sys_switch_gc PROVED/SURVIVED
import gc
def setup(): return None
def t1(): gc.collect()
def t2(): pass
### refcount SURVIVED/INVALID/FAILED
import sys
a = object(); keep = []
def setup(): return None
def t1(): keep.append(a)
def t2():
    n = sys.getrefcount(a)
    assert n < 4
### del_finalizer_race FAILED
n = 0
class A:
    def __del__(self):
        global n
        n += 1
def setup(): return None
def t1():
    a = A(); del a
def t2():
    a = A(); del a
def at_end(): return n == 2
### del_shared_finalizer FAILED
box = {}
closed = 0
class A:
    def __del__(self):
        global closed
        closed += 1
def setup():
    box['a'] = A(); box['b'] = A()
def t1(): box['a'] = None
def t2(): box['b'] = None
def at_end(): return closed == 2
