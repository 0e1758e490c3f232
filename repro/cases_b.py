### thread_pytest_raises FAILED
import pytest
class A: v = 0
def setup(): return A()
def t1(a): a.v += 1
def t2(a):
    with pytest.raises(ValueError):
        if a.v == 0: raise ValueError
### setup_sys_exit INVALID/FAILED
import sys
def setup(): sys.exit(1)
def t1(): pass
### thread_keyboard FAILED
def setup(): return None
def t1(): raise KeyboardInterrupt
def t2(): pass
### always_raises INVALID/FAILED
class A: pass
def setup(): return A()
def t1(a): a.v = 1
def always(a): return a.v == 1
### always_raises_later FAILED
class A: d = None
def setup():
    a = A(); a.d = {'x': 1}
    return a
def t1(a):
    del a.d['x']
    a.d['x'] = 2
def always(a): return a.d['x'] > 0
### at_end_starts_thread INVALID/PROVED
import threading
class A: v = 0
def setup(): return A()
def t1(a): a.v += 1
def at_end(a):
    t = threading.Thread(target=lambda: None); t.start(); t.join()
    return True
### setup_joins PROVED
import threading
class A: v = 0
def inc(a): a.v += 1
def setup():
    a = A()
    t = threading.Thread(target=inc, args=(a,)); t.start(); t.join()
    return a
def t1(a): a.v += 1
def at_end(a): return a.v == 2
### setup_deadlock Deadlock/SelfDeadlock/INVALID
import threading
L = threading.Lock()
def setup():
    L.acquire(); L.acquire()
def t1(): pass
### setup_lock_leak FAILED
import threading
class A:
    def __init__(self):
        self.l = threading.Lock(); self.v = 0
    def dep(self, n):
        self.l.acquire()
        self.v += n
def setup():
    a = A(); a.dep(5)
    return a
def t1(a): a.dep(5)
### module_lock_leak FAILED
import threading
L = threading.Lock()
L.acquire()
def setup(): return None
def t1():
    with L: pass
### at_end_leaks PROVED
import threading
L = threading.Lock()
def setup(): return None
def t1():
    with L: pass
def at_end():
    L.acquire()
    return True
### predicate_deadlock_two FAILED
import threading
class A:
    def __init__(self): self.l = threading.Lock(); self.v = 0
def setup(): return A()
def t1(a):
    a.l.acquire()
    a.v += 1
def at_end(a):
    with a.l: return a.v == 1
### del_method PROVED/SURVIVED
class A:
    n = 0
    def __del__(self): A.n += 1
def setup(): return None
def t1():
    a = A(); del a
def t2():
    a = A(); del a
### getattr_magic FAILED
class A:
    def __init__(self): object.__setattr__(self, 'd', {'v': 0})
    def __getattr__(self, n): return self.d[n]
    def __setattr__(self, n, x): self.d[n] = x
def setup(): return A()
def t1(a): a.v += 1
def t2(a): a.v += 1
def at_end(a): return a.v == 2
### slots_prop FAILED
class D:
    def __get__(self, o, t=None): return o._v
    def __set__(self, o, x): o._v = x
class A:
    __slots__ = ('_v',)
    v = D()
    def __init__(self): self._v = 0
def setup(): return A()
def t1(a): a.v += 1
def t2(a): a.v += 1
def at_end(a): return a.v == 2
### class_attr_counter FAILED
class A:
    count = 0
    def __init__(self): A.count += 1
def setup(): return None
def t1(): A()
def t2(): A()
def at_end(): return A.count == 2
### type_self_counter FAILED
class A:
    count = 0
    def __init__(self): type(self).count += 1
class B(A): pass
def setup(): return None
def t1(): B()
def t2(): B()
def at_end(): return B.count == 2
### default_arg_mutable FAILED
def add(x, log=[]):
    n = len(log)
    log.append((n, x))
    return n
r = []
def setup(): return None
def t1(): r.append(add(1))
def t2(): r.append(add(2))
def at_end(): return len(set(r)) == 2
### list_plus_eq FAILED
class A: pass
def setup():
    a = A(); a.items = []
    return a
def t1(a): a.items = a.items + [1]
def t2(a): a.items = a.items + [2]
def at_end(a): return len(a.items) == 2
### list_iadd_ok PROVED
class A: pass
def setup():
    a = A(); a.items = []
    return a
def t1(a): a.items += [1]
def t2(a): a.items += [2]
def at_end(a): return len(a.items) == 2
### dict_iter_crash FAILED
d = {}
def setup():
    d['a'] = 1; d['b'] = 2
def t1():
    s = 0
    for k in d: s += d[k]
def t2(): d['c'] = 3
### dict_items_sum FAILED
d = {}
def setup():
    d['a'] = 100; d['b'] = 100
def t1():
    d['a'] -= 10
    d['b'] += 10
def t2():
    assert sum(d.values()) == 200
### sum_genexpr FAILED
import threading
class A:
    def __init__(self, b): self.b = b
def setup(): return ([A(100), A(100)],)
def t1(accs):
    accs[0].b -= 10; accs[1].b += 10
def t2(accs): assert sum(a.b for a in accs) == 200
### sum_locked PROVED
import threading
L = threading.Lock()
class A:
    def __init__(self, b): self.b = b
def setup(): return ([A(100), A(100)],)
def t1(accs):
    with L:
        accs[0].b -= 10; accs[1].b += 10
def t2(accs):
    with L: assert sum(a.b for a in accs) == 200
### lazy_gen_escapes FAILED
import threading
L = threading.Lock()
class A:
    def __init__(self, b): self.b = b
def setup(): return ([A(100), A(100)],)
def t1(accs):
    with L:
        accs[0].b -= 10; accs[1].b += 10
def t2(accs):
    with L: g = (a.b for a in accs)
    assert sum(g) == 200
### dataclass_eq FAILED
import threading
from dataclasses import dataclass
@dataclass
class P:
    x: int = 0
    y: int = 0
def setup(): return P()
def t1(p): p.x = 1; p.y = 1
def t2(p): assert p in (P(0, 0), P(1, 1))
### namedtuple_state FAILED
from collections import namedtuple
S = namedtuple('S', 'a b')
class H: pass
def setup():
    h = H(); h.s = S(100, 100)
    return h
def t1(h): h.s = h.s._replace(a=h.s.a - 10, b=h.s.b + 10)
def t2(h): h.s = h.s._replace(a=h.s.a + 5, b=h.s.b - 5)
def at_end(h): return h.s == S(95, 105)
### immutable_swap_ok PROVED
import threading
L = threading.Lock()
class H: pass
def setup():
    h = H(); h.s = (100, 100)
    return h
def t1(h):
    with L:
        a, b = h.s; h.s = (a - 10, b + 10)
def t2(h):
    a, b = h.s
    assert a + b == 200
### try_finally_order Deadlock
import threading
class A:
    def __init__(self, b): self.b = b; self.l = threading.RLock()
def setup(): return A(1), A(2)
def tr(x, y):
    x.l.acquire()
    try:
        y.l.acquire()
        try: x.b -= 1; y.b += 1
        finally: y.l.release()
    finally: x.l.release()
def t1(a, b): tr(a, b)
def t2(a, b): tr(b, a)
### self_transfer SelfDeadlock
import threading
class A:
    def __init__(self, b): self.b = b; self.l = threading.Lock()
def setup(): return (A(1),)
def tr(x, y):
    with x.l, y.l: x.b -= 1; y.b += 1
def t1(a): tr(a, a)
### nonowner_rlock_release FAILED
import threading
L = threading.RLock()
def setup(): return None
def t1(): L.acquire()
def t2(): L.release()
### release_unlocked ThreadCrashed
import threading
L = threading.Lock()
def setup(): return None
def t1(): L.release()
### double_release FAILED
import threading
L = threading.Lock(); v = 0
def setup(): return None
def dep():
    global v
    L.acquire()
    v += 1
    L.release()
    L.release()
def t1(): dep()
def t2(): dep()
### release_in_finally_not_acquired FAILED
import threading
L = threading.Lock(); v = 0
def dep():
    global v
    try:
        L.acquire(blocking=False)
        v += 1
    finally:
        try: L.release()
        except RuntimeError: pass
def setup(): return None
def t1(): dep()
def t2(): dep()
def at_end(): return v == 2
### rw_lock_own PROVED/SURVIVED
import threading
class RW:
    def __init__(self): self.n = 0; self.m = threading.Lock(); self.w = threading.Lock()
    def r_in(self):
        with self.m:
            self.n += 1
            if self.n == 1: self.w.acquire()
    def r_out(self):
        with self.m:
            self.n -= 1
            if self.n == 0: self.w.release()
x = y = 0
def setup(): return RW()
def t1(l):
    global x, y
    with l.w: x += 1; y += 1
def rd(l):
    l.r_in(); assert x == y; l.r_out()
def t2(l): rd(l)
def t3(l): rd(l)
### rw_lock_own_wrong FAILED
import threading
class RW:
    def __init__(self): self.n = 0; self.m = threading.Lock(); self.w = threading.Lock()
    def r_in(self):
        self.n += 1
        if self.n == 1: self.w.acquire()
    def r_out(self):
        self.n -= 1
        if self.n == 0: self.w.release()
x = y = 0
def setup(): return RW()
def t1(l):
    global x, y
    with l.w: x += 1; y += 1
def rd(l):
    l.r_in(); assert x == y; l.r_out()
def t2(l): rd(l)
def t3(l): rd(l)
### semaphore_from_locks PROVED/SURVIVED
import threading
class Sem:
    def __init__(self, n): self.n = n; self.m = threading.Lock(); self.gate = threading.Lock(); self.gate.acquire()
    def up(self):
        with self.m:
            self.n += 1
            if self.n <= 0: self.gate.release()
    def down(self):
        self.m.acquire()
        self.n -= 1
        if self.n < 0:
            self.m.release()
            self.gate.acquire()
        else: self.m.release()
inside = 0
def setup(): return Sem(1)
def w(s):
    global inside
    s.down()
    inside += 1
    assert inside == 1
    inside -= 1
    s.up()
def t1(s): w(s)
def t2(s): w(s)
### event_from_lock PROVED
import threading
class Ev:
    def __init__(self): self.l = threading.Lock(); self.l.acquire()
    def set(self): self.l.release()
    def wait(self): self.l.acquire(); self.l.release()
box = []
def setup(): return Ev()
def t1(e): box.append(1); e.set()
def t2(e): e.wait(); assert box == [1]
### lock_made_by_thread_passed PROVED/SURVIVED
import threading
box = {}
L = threading.Lock()
def setup(): return None
def t1():
    with L:
        if 'k' not in box: box['k'] = [threading.Lock(), 0]
    e = box['k']
    with e[0]: e[1] += 1
def t2():
    with L:
        if 'k' not in box: box['k'] = [threading.Lock(), 0]
    e = box['k']
    with e[0]: e[1] += 1
def at_end(): return box['k'][1] == 2
### obj_made_by_thread_race FAILED
import threading
box = {}
L = threading.Lock()
def w():
    with L:
        if 'k' not in box: box['k'] = [0]
    box['k'][0] += 1
def setup(): return None
def t1(): w()
def t2(): w()
def t3(): w()
def at_end(): return box['k'][0] == 3
### obj_chain_late_rare FAILED
import threading
class N:
    def __init__(self, v, nxt): self.v = v; self.nxt = nxt
head = None
L = threading.Lock()
def push(v):
    global head
    with L: head = N(v, head)
def pop():
    global head
    h = head
    if h is not None:
        head = h.nxt
        return h.v
got = []
def setup():
    push(0)
def t1(): push(1); push(2)
def t2(): got.append(pop())
def t3(): got.append(pop())
def at_end():
    n = 0; h = head
    while h is not None: n += 1; h = h.nxt
    return n + len([g for g in got if g is not None]) == 3
### enumerate_threads INVALID/PROVED/SURVIVED
import threading
def setup(): return None
def t1(): assert threading.active_count() >= 1
### current_name PROVED
import threading
names = {}
L = threading.Lock()
def w():
    with L: names[threading.current_thread().name] = threading.get_ident()
def setup(): return None
def t1(): w()
def t2(): w()
def at_end(): return len(names) == 2
### owner_lock_own PROVED/SURVIVED
import threading
class MyR:
    def __init__(self): self.l = threading.Lock(); self.owner = None; self.n = 0
    def __enter__(self):
        me = threading.get_ident()
        if self.owner == me: self.n += 1; return
        self.l.acquire()
        self.owner = me; self.n = 1
    def __exit__(self, *a):
        self.n -= 1
        if self.n == 0:
            self.owner = None
            self.l.release()
v = 0
def setup(): return MyR()
def w(r):
    global v
    with r:
        with r: v += 1
def t1(r): w(r)
def t2(r): w(r)
def at_end(r): return v == 2
### owner_lock_wrong FAILED
import threading
class MyR:
    def __init__(self): self.l = threading.Lock(); self.owner = None; self.n = 0
    def __enter__(self):
        me = threading.get_ident()
        if self.owner == me: self.n += 1; return
        self.l.acquire()
        self.owner = me; self.n = 1
    def __exit__(self, *a):
        self.n -= 1
        if self.n == 0:
            self.l.release()
            self.owner = None
v = 0
def setup(): return MyR()
def w(r):
    global v
    with r:
        with r: v += 1
def t1(r): w(r); w(r)
def t2(r): w(r); w(r)
def at_end(r): return v == 4
### recursion_fib PROVED
import threading
L = threading.RLock(); memo = {}
def fib(n):
    with L:
        if n in memo: return memo[n]
        memo[n] = n if n < 2 else fib(n - 1) + fib(n - 2)
        return memo[n]
def setup(): return None
def t1(): assert fib(4) == 3
def t2(): assert fib(3) == 2
### deep_recursion ThreadCrashed
def f(n): return f(n + 1)
def setup(): return None
def t1(): f(0)
def t2(): pass
### exception_swallow FAILED
def setup(): return None
def t1():
    while True:
        try: raise ValueError
        except: pass
def t2(): pass
### exc_swallow_base FAILED
import threading
L = threading.Lock()
def setup(): return None
def t1():
    while True:
        try:
            with L: raise ValueError
        except BaseException: pass
def t2(): pass
### daemon_outlives PROVED/SURVIVED main
import threading
def main():
    def loop():
        while True: pass
    threading.Thread(target=loop, daemon=True).start()
### nondet_set INVALID
import threading
class A:
    def __init__(self, n): self.n = n
seen = []
def setup(): return {A(1), A(2), A(3)}
def t1(s):
    for a in s: seen.append(a.n)
def t2(s): seen.append(0)
### os_urandom INVALID
import os
v = 0
def setup(): return None
def t1():
    global v
    if os.urandom(1)[0] % 2: v += 1
def t2():
    global v
    v += 1
### counter_outside PROVED/INVALID
import threading, builtins
def setup(): return None
def t1():
    n = getattr(builtins, '_rv', 0)
    builtins._rv = n + 1
def t2(): pass
### print_in_threads PROVED
import threading
L = threading.Lock()
def setup(): return None
def t1():
    with L: print("a")
def t2():
    with L: print("b")
### locked_query FAILED
import threading
L = threading.Lock(); v = 0
def w():
    global v
    while L.locked(): pass
    L.acquire()
    v += 1
    L.release()
def setup(): return None
def t1():
    w()
def t2():
    if not L.locked():
        L.acquire(blocking=False)
        global v
        v += 1
        L.release()
def at_end(): return v == 2
### async_fn INVALID/SURVIVED
async def co(): pass
def setup(): return None
def t1(): co().close()
### star_import_threading PROVED
from threading import *
L = Lock(); v = 0
def w():
    global v
    with L: v += 1
def setup(): return None
def t1(): w()
def t2(): w()
def at_end(): return v == 2
### thread_alias PROVED
import threading as t
import _thread
L = _thread.allocate_lock(); v = 0
def w():
    global v
    with L: v += 1
def setup(): return None
def t1(): w()
def t2(): w()
def at_end(): return v == 2
### walrus_global FAILED
v = 0
def w():
    global v
    (v := v + 1)
def setup(): return None
def t1(): w()
def t2(): w()
def at_end(): return v == 2
### del_attr_race FAILED
class A: pass
def setup():
    a = A(); a.x = 1
    return a
def w(a):
    if hasattr(a, 'x'): del a.x
def t1(a): w(a)
def t2(a): w(a)
### weakref_cache PROVED/SURVIVED
import weakref, threading
class A: pass
c = weakref.WeakValueDictionary()
L = threading.Lock()
def w():
    with L:
        a = c.get(1) or A(); c[1] = a
def setup(): return None
def t1(): w()
def t2(): w()
### string_building FAILED
log = ""
def w(s):
    global log
    log += s
def setup(): return None
def t1(): w("a")
def t2(): w("b")
def at_end(): return len(log) == 2
