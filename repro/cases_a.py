### lock_in_list PROVED
import threading
class B: pass
def setup():
    b = B(); b.locks = [threading.Lock(), threading.Lock()]; b.v = [100, 100]
    return b
def t1(b):
    with b.locks[0]:
        with b.locks[1]:
            b.v[0] -= 10; b.v[1] += 10
def t2(b):
    with b.locks[0]:
        with b.locks[1]:
            b.v[1] -= 5; b.v[0] += 5
def at_end(b): return sum(b.v) == 200
### lock_in_list_wrong FAILED
import threading
class B: pass
def setup():
    b = B(); b.locks = [threading.Lock(), threading.Lock()]; b.v = [100, 100]
    return b
def t1(b):
    with b.locks[0]:
        b.v[0] -= 10; b.v[1] += 10
def t2(b):
    with b.locks[1]:
        b.v[1] -= 5; b.v[0] += 5
def at_end(b): return sum(b.v) == 200
### lock_dict_lazy FAILED
import threading
locks = {}
bal = {'a': 100}
def lock_of(n):
    if n not in locks:
        locks[n] = threading.Lock()
    return locks[n]
def setup(): return None
def t1():
    with lock_of('a'): bal['a'] += 10
def t2():
    with lock_of('a'): bal['a'] += 10
def at_end(): return bal['a'] == 120
### lock_dict_setdefault PROVED
import threading
locks = {}
bal = {'a': 100}
def setup(): return None
def t1():
    with locks.setdefault('a', threading.Lock()): bal['a'] += 10
def t2():
    with locks.setdefault('a', threading.Lock()): bal['a'] += 10
def at_end(): return bal['a'] == 120
### trylock_backoff PROVED/SURVIVED
import threading, time
A = threading.Lock(); B = threading.Lock()
v = [0]
def work(x, y):
    while True:
        with x:
            if y.acquire(blocking=False):
                try:
                    v[0] += 1
                    return
                finally:
                    y.release()
        time.sleep(0.01)
def setup(): return None
def t1(): work(A, B)
def t2(): work(B, A)
def at_end(): return v[0] == 2
### timed_acquire_loses FAILED
import threading
L = threading.Lock(); v = [0]
def dep():
    if L.acquire(timeout=1):
        try: v[0] += 1
        finally: L.release()
def setup(): return None
def t1(): dep()
def t2(): dep()
def at_end(): return v[0] == 2
### timed_acquire_ok PROVED/SURVIVED
import threading
L = threading.Lock(); v = [0]; refused = [0]
def dep():
    if L.acquire(timeout=1):
        try: v[0] += 1
        finally: L.release()
def setup(): return None
def t1(): dep()
def t2(): dep()
def at_end(): return 1 <= v[0] <= 2
### peterson PROVED/SURVIVED
flag = [False, False]; turn = 0; v = 0
def section(i):
    global turn, v
    flag[i] = True
    turn = 1 - i
    while flag[1 - i] and turn == 1 - i:
        pass
    v += 1
    flag[i] = False
def setup(): return None
def t1(): section(0)
def t2(): section(1)
def at_end(): return v == 2
### peterson_wrong FAILED
flag = [False, False]; turn = 0; v = 0
def section(i):
    global turn, v
    turn = 1 - i
    flag[i] = True
    while flag[1 - i] and turn == 1 - i:
        pass
    v += 1
    flag[i] = False
def setup(): return None
def t1(): section(0)
def t2(): section(1)
def at_end(): return v == 2
### ticket_lock PROVED/SURVIVED
import threading
class Ticket:
    def __init__(self):
        self.guard = threading.Lock(); self.next = 0; self.serving = 0
    def __enter__(self):
        with self.guard:
            me = self.next; self.next += 1
        while self.serving != me: pass
    def __exit__(self, *a):
        self.serving += 1
T = None
v = 0
def setup():
    global T
    T = Ticket()
def t1():
    global v
    with T: v += 1
def t2():
    global v
    with T: v += 1
def at_end(): return v == 2
### ticket_lock_wrong FAILED
class Ticket:
    def __init__(self):
        self.next = 0; self.serving = 0
    def __enter__(self):
        me = self.next; self.next += 1
        while self.serving != me: pass
    def __exit__(self, *a):
        self.serving += 1
v = 0
def setup(): return Ticket()
def t1(T):
    global v
    with T: v += 1
def t2(T):
    global v
    with T: v += 1
def at_end(T): return v == 2
### dcl_right PROVED
import threading
L = threading.Lock(); inst = None; made = 0
class S:
    def __init__(self):
        global made
        made += 1
        self.x = 1
def get():
    global inst
    if inst is None:
        with L:
            if inst is None:
                inst = S()
    return inst
def setup(): return None
def t1(): assert get().x == 1
def t2(): assert get().x == 1
def at_end(): return made == 1
### dcl_wrong FAILED
import threading
L = threading.Lock(); inst = None; made = 0
class S:
    def __init__(self):
        global made
        made += 1
        self.x = 1
def get():
    global inst
    if inst is None:
        with L:
            inst = S()
    return inst
def setup(): return None
def t1(): get()
def t2(): get()
def at_end(): return made == 1
### dcl_partial FAILED
import threading
L = threading.Lock(); inst = None
class S: pass
def get():
    global inst
    if inst is None:
        with L:
            if inst is None:
                inst = S()
                inst.x = 1
    return inst
def setup(): return None
def t1(): assert get().x == 1
def t2(): assert get().x == 1
### other_thread_releases PROVED/SURVIVED
import threading
class H: pass
def setup():
    h = H(); h.gate = threading.Lock(); h.gate.acquire(); h.v = 0
    return h
def t1(h):
    h.v = 42
    h.gate.release()
def t2(h):
    h.gate.acquire()
    assert h.v == 42
    h.gate.release()
### other_thread_releases_2 FAILED
import threading
L = threading.Lock(); v = 0
def setup(): return None
def t1():
    global v
    L.acquire()
    v += 1
def t2():
    global v
    try:
        L.release()
    except RuntimeError:
        return
    v += 1
def at_end(): return v == 2
### prop_lock PROVED
import threading
class A:
    def __init__(self): self._l = threading.Lock(); self._b = 0
    @property
    def b(self):
        with self._l: return self._b
    @b.setter
    def b(self, x):
        with self._l: self._b = x
    def add(self, n):
        with self._l: self._b += n
def setup(): return A()
def t1(a): a.add(1)
def t2(a): a.add(2)
def at_end(a): return a.b == 3
### prop_lock_wrong FAILED
import threading
class A:
    def __init__(self): self._l = threading.Lock(); self._b = 0
    @property
    def b(self):
        with self._l: return self._b
    @b.setter
    def b(self, x):
        with self._l: self._b = x
def setup(): return A()
def t1(a): a.b += 1
def t2(a): a.b += 2
def at_end(a): return a.b == 3
### gen_cm PROVED
import threading
from contextlib import contextmanager
L = threading.Lock(); v = 0
@contextmanager
def locked():
    L.acquire()
    try: yield
    finally: L.release()
def setup(): return None
def t1():
    global v
    with locked(): v += 1
def t2():
    global v
    with locked(): v += 1
def at_end(): return v == 2
### gen_cm_nofinally FAILED
import threading
from contextlib import contextmanager
L = threading.Lock(); v = 0
@contextmanager
def locked():
    L.acquire()
    yield
    L.release()
def setup(): return None
def t1():
    global v
    try:
        with locked():
            if v > 0: raise ValueError
            v += 1
    except ValueError: pass
def t2():
    global v
    try:
        with locked():
            if v > 0: raise ValueError
            v += 1
    except ValueError: pass
### generator_shared FAILED
def gen():
    n = 0
    while True:
        n += 1
        yield n
got = []
def setup(): return gen()
def t1(g): got.append(next(g))
def t2(g): got.append(next(g))
def at_end(g): return sorted(got) == [1, 3]
### threads_start_threads PROVED
import threading
L = threading.Lock(); v = 0
def inc():
    global v
    with L: v += 1
def parent():
    c = threading.Thread(target=inc); c.start(); inc(); c.join()
def setup(): return None
def t1(): parent()
def t2(): inc()
def at_end(): return v == 3
### nojoin FAILED
import threading
v = 0
def inc():
    global v
    v += 1
def setup(): return None
def t1():
    c = threading.Thread(target=inc); c.start()
    assert v == 1
### join_chain PROVED
import threading
v = []
def setup(): return None
def t1():
    def c(): v.append(3)
    def b():
        x = threading.Thread(target=c); x.start(); x.join(); v.append(2)
    def a():
        x = threading.Thread(target=b); x.start(); x.join(); v.append(1)
    x = threading.Thread(target=a); x.start(); x.join()
    assert v == [3, 2, 1]
### main_program FAILED main
import threading
v = 0
def inc():
    global v
    v += 1
def main():
    ts = [threading.Thread(target=inc) for _ in range(2)]
    for t in ts: t.start()
    for t in ts: t.join()
    assert v == 2
### main_program_ok PROVED main
import threading
v = 0
L = threading.Lock()
def inc():
    global v
    with L: v += 1
def main():
    ts = [threading.Thread(target=inc) for _ in range(3)]
    for t in ts: t.start()
    for t in ts: t.join()
    assert v == 3
### main_program_nojoin FAILED main
import threading
v = 0
L = threading.Lock()
def inc():
    global v
    with L: v += 1
def main():
    ts = [threading.Thread(target=inc) for _ in range(2)]
    for t in ts: t.start()
    ts[0].join()
    assert v == 2
### setup_starts_thread FAILED
import threading
class S: v = 0
def inc(s): s.v += 1
def setup():
    s = S()
    t = threading.Thread(target=inc, args=(s,)); t.start()
    s.t = t
    return s
def t1(s): s.v += 1
def at_end(s): return s.v == 2
### thread_local_cache FAILED
import threading
loc = threading.local()
class A: bal = 100
def setup(): return A()
def get(a):
    if not hasattr(loc, 'b'): loc.b = a.bal
    return loc.b
def t1(a): a.bal = get(a) + 10
def t2(a): a.bal = get(a) + 10
def at_end(a): return a.bal == 120
### thread_local_ok PROVED
import threading
loc = threading.local()
L = threading.Lock()
total = 0
def work(n):
    global total
    loc.n = 0
    for _ in range(n): loc.n += 1
    with L: total += loc.n
def setup(): return None
def t1(): work(3)
def t2(): work(2)
def at_end(): return total == 5
### sort_locks_by_id PROVED/SURVIVED
import threading
class A:
    def __init__(self, b): self.b = b; self.lock = threading.Lock()
def setup(): return A(100), A(100)
def transfer(x, y, n):
    for l in (ls := sorted([x.lock, y.lock], key=id)): l.acquire()
    try:
        x.b -= n; y.b += n
    finally:
        for l in ls: l.release()
def t1(a, b): transfer(a, b, 10)
def t2(a, b): transfer(b, a, 20)
def at_end(a, b): return a.b + b.b == 200
### sort_accounts_by_name PROVED
import threading
class A:
    def __init__(self, n, b): self.n = n; self.b = b; self.lock = threading.Lock()
def setup(): return A('a', 100), A('b', 100)
def transfer(x, y, n):
    f, s = sorted((x, y), key=lambda q: q.n)
    with f.lock, s.lock:
        x.b -= n; y.b += n
def t1(a, b): transfer(a, b, 10)
def t2(a, b): transfer(b, a, 20)
def at_end(a, b): return a.b + b.b == 200
### sort_equal_keys FAILED
import threading
class A:
    def __init__(self, n, b): self.n = n; self.b = b; self.lock = threading.Lock()
def setup(): return A('a', 100), A('a', 100)
def transfer(x, y, n):
    f, s = sorted((x, y), key=lambda q: q.n)
    with f.lock, s.lock:
        x.b -= n; y.b += n
def t1(a, b): transfer(a, b, 10)
def t2(a, b): transfer(b, a, 20)
def at_end(a, b): return a.b + b.b == 200
### copy_object FAILED
import threading, copy
class A:
    def __init__(self, b): self.b = b; self.lock = threading.Lock()
def setup(): return A(100)
def dep(a, n):
    c = copy.copy(a)
    with a.lock:
        a.b = c.b + n
def t1(a): dep(a, 10)
def t2(a): dep(a, 20)
def at_end(a): return a.b == 130
### rlock_rec PROVED
import threading
L = threading.RLock(); v = 0
def add(n):
    global v
    with L:
        if n == 0: return
        v += 1
        add(n - 1)
def setup(): return None
def t1(): add(3)
def t2(): add(2)
def at_end(): return v == 5
### rlock_underrelease OrphanedLock
import threading
L = threading.RLock(); v = 0
def add():
    global v
    L.acquire(); L.acquire()
    v += 1
    L.release()
def setup(): return None
def t1(): add()
def t2(): add()
### lock_leak_trylock FAILED
import threading
L = threading.Lock(); v = 0
def add():
    global v
    if L.acquire(False):
        v += 1
def setup(): return None
def t1(): add()
def t2():
    with L:
        pass
### lock_leak_trylock_only OrphanedLock/FAILED
import threading
L = threading.Lock(); v = 0
def add():
    global v
    if L.acquire(timeout=5):
        v += 1
def setup(): return None
def t1(): add()
def t2(): add()
### always_locks FAILED
import threading
class A:
    def __init__(self): self.l = threading.Lock(); self.x = 0; self.y = 0
    def check(self):
        with self.l: return self.x == self.y
def setup(): return A()
def t1(a):
    with a.l: a.x += 1
    with a.l: a.y += 1
def t2(a): pass
def always(a): return a.check()
### always_locks_ok PROVED
import threading
class A:
    def __init__(self): self.l = threading.Lock(); self.x = 0; self.y = 0
    def check(self):
        with self.l: return self.x == self.y
def setup(): return A()
def t1(a):
    with a.l:
        a.x += 1
        a.y += 1
def t2(a):
    with a.l:
        a.x += 1
        a.y += 1
def always(a): return a.check()
### always_between_threads FAILED
import threading
class A: x = 0; y = 0; z = 0
def setup(): return A()
def t1(a): a.x = 1; a.x = 0
def t2(a): a.y = 1; a.y = 0
def t3(a): a.z = 1; a.z = 0
def always(a): return a.x + a.y + a.z < 3
### always_rare FAILED
class A: x = 0; y = 0
def setup(): return A()
def t1(a):
    for i in range(6): a.x = i
    a.x = 0
def t2(a):
    for i in range(6): a.y = i
    a.y = 0
def always(a): return not (a.x == 5 and a.y == 5)
### at_end_mutates PROVED
class A: x = 0
def setup(): return A()
def t1(a): a.x += 1
def at_end(a):
    a.x += 1
    return a.x == 2
### own_spinlock PROVED/SURVIVED
class Spin:
    def __init__(self): self.t = [1]
    def __enter__(self):
        while True:
            try:
                self.t.pop(); return
            except IndexError: pass
    def __exit__(self, *a): self.t.append(1)
v = 0
def setup(): return Spin()
def t1(s):
    global v
    with s: v += 1
def t2(s):
    global v
    with s: v += 1
def at_end(s): return v == 2
### own_spinlock_wrong FAILED
class Spin:
    def __init__(self): self.t = False
    def __enter__(self):
        while self.t: pass
        self.t = True
    def __exit__(self, *a): self.t = False
v = 0
def setup(): return Spin()
def t1(s):
    global v
    with s: v += 1
def t2(s):
    global v
    with s: v += 1
def at_end(s): return v == 2
### dekker PROVED/SURVIVED
want = [False, False]; turn = 0; v = 0
def sec(i):
    global turn, v
    want[i] = True
    while want[1 - i]:
        if turn != i:
            want[i] = False
            while turn != i: pass
            want[i] = True
    v += 1
    turn = 1 - i
    want[i] = False
def setup(): return None
def t1(): sec(0)
def t2(): sec(1)
def at_end(): return v == 2
### bakery PROVED/SURVIVED
choosing = [False, False]; num = [0, 0]; v = 0
def sec(i):
    global v
    choosing[i] = True
    num[i] = 1 + max(num)
    choosing[i] = False
    for j in range(2):
        while choosing[j]: pass
        while num[j] != 0 and (num[j], j) < (num[i], i): pass
    v += 1
    num[i] = 0
def setup(): return None
def t1(): sec(0)
def t2(): sec(1)
def at_end(): return v == 2
### bakery_wrong FAILED
num = [0, 0]; v = 0
def sec(i):
    global v
    num[i] = 1 + max(num)
    for j in range(2):
        while num[j] != 0 and (num[j], j) < (num[i], i): pass
    v += 1
    num[i] = 0
def setup(): return None
def t1(): sec(0)
def t2(): sec(1)
def at_end(): return v == 2
### exc_in_section FAILED
import threading
L = threading.Lock(); v = {'a': 0}
def dep(n):
    L.acquire()
    v[n] += 1
    L.release()
def setup(): return None
def t1():
    try: dep('zzz')
    except KeyError: pass
def t2(): dep('a')
### lock_passed PROVED
import threading
class A: v = 0
def setup(): return A(), threading.Lock()
def inner(a, l):
    with l: a.v += 1
def t1(a, l): inner(a, l)
def t2(a, l): inner(a, l=l)
def at_end(a, l): return a.v == 2
### closure_lock PROVED
import threading
def make():
    l = threading.Lock(); v = 0
    def add():
        nonlocal v
        with l: v += 1
    def get(): return v
    return add, get
def setup(): return make()
def t1(add, get): add()
def t2(add, get): add()
def at_end(add, get): return get() == 2
### closure_nolock FAILED
def make():
    v = 0
    def add():
        nonlocal v
        v += 1
    def get(): return v
    return add, get
def setup(): return make()
def t1(add, get): add()
def t2(add, get): add()
def at_end(add, get): return get() == 2
### deco_sync PROVED
import threading, functools
def sync(f):
    @functools.wraps(f)
    def w(self, *a):
        with self._l: return f(self, *a)
    return w
class A:
    def __init__(self): self._l = threading.RLock(); self.v = 0
    @sync
    def add(self): self.v += 1; self.check()
    @sync
    def check(self): assert self.v >= 0
def setup(): return A()
def t1(a): a.add()
def t2(a): a.add()
def at_end(a): return a.v == 2
### deco_lock_per_call FAILED
import threading, functools
def sync(f):
    @functools.wraps(f)
    def w(self, *a):
        with threading.Lock(): return f(self, *a)
    return w
class A:
    def __init__(self): self.v = 0
    @sync
    def add(self): self.v += 1
def setup(): return A()
def t1(a): a.add()
def t2(a): a.add()
def at_end(a): return a.v == 2
### lazy_lock_attr FAILED
import threading
class A:
    def __init__(self): self.v = 0; self._l = None
    @property
    def lock(self):
        if self._l is None: self._l = threading.Lock()
        return self._l
    def add(self):
        with self.lock: self.v += 1
def setup(): return A()
def t1(a): a.add()
def t2(a): a.add()
def at_end(a): return a.v == 2
### subclass_thread FAILED main
import threading
class W(threading.Thread):
    def __init__(self, acc): super().__init__(); self.acc = acc
    def run(self): self.acc['b'] += 1
def main():
    acc = {'b': 0}
    ws = [W(acc), W(acc)]
    for w in ws: w.start()
    for w in ws: w.join()
    assert acc['b'] == 2
### is_alive_poll PROVED/SURVIVED main
import threading, time
def main():
    r = []
    t = threading.Thread(target=lambda: r.append(1)); t.start()
    while t.is_alive(): time.sleep(0.1)
    assert r == [1]
### sleep_sync FAILED main
import threading, time
def main():
    r = []
    t = threading.Thread(target=lambda: r.append(1)); t.start()
    time.sleep(5)
    assert r == [1]
### join_timeout FAILED main
import threading, time
def main():
    r = []
    t = threading.Thread(target=lambda: r.append(1)); t.start()
    t.join(timeout=5)
    assert r == [1]
### random_choice PROVED/SURVIVED
import random, threading
L = threading.Lock(); v = 0
def setup(): return None
def t1():
    global v
    with L: v += random.randint(1, 3)
def t2():
    global v
    with L: v += random.randint(1, 3)
def at_end(): return 2 <= v <= 6
### swap_lock FAILED
import threading
class A:
    def __init__(self): self.l = threading.Lock(); self.v = 0
def setup(): return A()
def t1(a):
    with a.l: a.v += 1
def t2(a):
    a.l = threading.Lock()
    with a.l: a.v += 1
def at_end(a): return a.v == 2
### three_rot Deadlock
import threading
ls = [threading.Lock() for _ in range(3)]
def w(i):
    with ls[i]:
        with ls[(i + 1) % 3]: pass
def setup(): return None
def t1(): w(0)
def t2(): w(1)
def t3(): w(2)
### while_true_forever FAILED
done = False
def setup(): return None
def t1():
    while not done: pass
def t2(): pass
### spin_flag_ok PROVED/SURVIVED
done = False
def setup(): return None
def t1():
    while not done: pass
def t2():
    global done
    done = True
### with_return PROVED
import threading
L = threading.Lock()
class A: b = 100
def setup(): return A()
def wd(a, n):
    with L:
        if a.b < n: return False
        a.b -= n
        return True
def t1(a): wd(a, 60)
def t2(a): wd(a, 60)
def always(a): return a.b >= 0
def at_end(a): return a.b == 40
### stale FAILED
class A: b = 100
def setup(): return A()
def wd(a, n):
    if a.b < n: return False
    a.b -= n
    return True
def t1(a): wd(a, 60)
def t2(a): wd(a, 60)
def always(a): return a.b >= 0
