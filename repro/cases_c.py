### setup_joins_forbid PROVED data_races="forbid"
import threading
class A: v = 0
def inc(a): a.v += 1
def setup():
    a = A()
    t = threading.Thread(target=inc, args=(a,)); t.start(); t.join()
    return a
def t1(a): a.v += 1
def at_end(a): return a.v == 2
### setup_start_forbid_ok PROVED data_races="forbid"
import threading
class A:
    v = 0
    def __init__(self): self.l = threading.Lock()
def inc(a):
    with a.l: a.v += 1
def setup():
    a = A()
    t = threading.Thread(target=inc, args=(a,)); t.start()
    a.t = t
    return a
def t1(a):
    with a.l: a.v += 1
def t2(a):
    a.t.join()
    with a.l: a.v += 1
def at_end(a): return a.v == 3
### daemon_sleep PROVED/SURVIVED main
import threading, time
def main():
    def loop():
        while True: time.sleep(1)
    threading.Thread(target=loop, daemon=True).start()
### daemon_work PROVED/SURVIVED main
import threading, time
v = 0
L = threading.Lock()
def main():
    global v
    def loop():
        global v
        while True:
            with L: v += 1
    threading.Thread(target=loop, daemon=True).start()
    with L: v += 1
### daemon_flag PROVED/SURVIVED main
import threading, time
stop = False
n = 0
def main():
    global stop
    def loop():
        global n
        while not stop:
            n += 1
            time.sleep(0.1)
    t = threading.Thread(target=loop, daemon=True); t.start()
    stop = True
    t.join()
### daemon_in_thread PROVED/SURVIVED
import threading, time
def setup(): return None
def t1():
    def loop():
        while True: time.sleep(1)
    threading.Thread(target=loop, daemon=True).start()
def t2(): pass
### daemon_holds_lock PROVED/SURVIVED main
import threading
L = threading.Lock(); E = threading.Lock()
def main():
    E.acquire()
    def loop():
        with L: E.acquire()
    threading.Thread(target=loop, daemon=True).start()
### once_trylock PROVED
import threading
once = threading.Lock(); made = 0
def w():
    global made
    if once.acquire(blocking=False): made += 1
def setup(): return None
def t1(): w()
def t2(): w()
def at_end(): return made == 1
### timed_leak OrphanedLock/FAILED
import threading
L = threading.Lock(); v = 0
def add():
    global v
    if not L.acquire(timeout=5): return
    v += 1
    if v == 1: return
    L.release()
def setup(): return None
def t1(): add()
def t2(): add()
### gate_two_orders PROVED
import threading
G = threading.Lock(); A = threading.Lock(); B = threading.Lock()
def setup(): return None
def t1():
    with G:
        with A:
            with B: pass
def t2():
    with G:
        with B:
            with A: pass
### orders_trylock_guard PROVED
import threading
A = threading.Lock(); B = threading.Lock()
def setup(): return None
def t1():
    with A:
        with B: pass
def t2():
    with B:
        if A.acquire(False): A.release()
### orders_by_join PROVED main
import threading
A = threading.Lock(); B = threading.Lock()
def ab():
    with A:
        with B: pass
def ba():
    with B:
        with A: pass
def main():
    t = threading.Thread(target=ab); t.start(); t.join()
    t = threading.Thread(target=ba); t.start(); t.join()
### orders_by_flag PROVED
import threading
A = threading.Lock(); B = threading.Lock(); flag = False
def setup(): return None
def t1():
    global flag
    with A:
        with B: pass
    flag = True
def t2():
    if flag:
        with B:
            with A: pass
### peterson_noop_lock PROVED
import threading
class Fake:
    def __enter__(self): pass
    def __exit__(self, *a): pass
L = Fake(); x = [0, 0]
def setup(): return None
def t1():
    with L: x[0] += 1
def t2():
    with L: x[1] += 1
def at_end(): return x == [1, 1]
### exc_group FAILED
import threading
class A: v = 0
def setup(): return A()
def t1(a):
    try: a.v += 1
    finally: a.v += 1
def t2(a): a.v += 1
def at_end(a): return a.v == 3
### nested_fn_nonlocal_loop FAILED main
import threading
def main():
    total = 0
    def add(i):
        nonlocal total
        total += i
    ts = [threading.Thread(target=add, args=(i,)) for i in range(3)]
    for t in ts: t.start()
    for t in ts: t.join()
    assert total == 3
### late_binding FAILED main
import threading
def main():
    got = []
    ts = []
    for i in range(2):
        t = threading.Thread(target=lambda: got.append(i)); ts.append(t); t.start()
    for t in ts: t.join()
    assert sorted(got) == [0, 1]
### excepthook_thread ThreadCrashed main
import threading
def main():
    def bad(): raise ValueError("x")
    t = threading.Thread(target=bad); t.start(); t.join()
### crash_with_lock OrphanedLock/ThreadCrashed
import threading
L = threading.Lock()
def setup(): return None
def t1():
    L.acquire()
    raise ValueError
def t2():
    with L: pass
### lost_wakeup_flag FAILED
import threading
flag = False
gate = threading.Lock()
def setup():
    gate.acquire()
waiting = False
def t1():
    global waiting
    if not flag:
        waiting = True
        gate.acquire()
def t2():
    global flag
    flag = True
    if waiting: gate.release()
### livelock_polite PROVED/SURVIVED/FAILED
want = [False, False]; v = 0
def sec(i):
    global v
    want[i] = True
    while want[1 - i]:
        want[i] = False
        want[i] = True
    v += 1
    want[i] = False
def setup(): return None
def t1(): sec(0)
def t2(): sec(1)
### local_in_subclass PROVED
import threading
class Ctx(threading.local):
    def __init__(self): self.n = 0
c = Ctx()
def setup(): return None
def w():
    c.n += 1
    assert c.n == 1
def t1(): w()
def t2(): w()
def t3(): w()
### local_lazy PROVED/SURVIVED
import threading
box = {}
def w():
    if 'l' not in box: box['l'] = threading.local()
    l = box['l']
    assert not hasattr(l, 'x')
    l.x = 1
    assert l.x == 1
def setup(): return None
def t1(): w()
def t2(): w()
### local_made_late_leak PROVED/SURVIVED
import threading
l = None
L = threading.Lock()
def w(k):
    global l
    with L:
        if l is None: l = threading.local()
    assert not hasattr(l, 'x'), k
    l.x = 1
def setup(): return None
def t1(): w(1)
def t2(): w(2)
def t3(): w(3)
### float_money FAILED
class A: b = 0.1
def setup(): return A()
def t1(a): a.b += 0.2
def t2(a): a.b += 0.3
def at_end(a): return abs(a.b - 0.6) < 1e-9
### decimal_ok PROVED
import threading
from decimal import Decimal
L = threading.Lock()
class A: b = Decimal("1.10")
def setup(): return A()
def t1(a):
    with L: a.b += Decimal("2.20")
def t2(a):
    with L: a.b -= Decimal("1.10")
def at_end(a): return a.b == Decimal("2.20")
### match_stmt FAILED
class A: state = "new"; n = 0
def setup(): return A()
def w(a):
    match a.state:
        case "new":
            a.state = "used"
            a.n += 1
def t1(a): w(a)
def t2(a): w(a)
def at_end(a): return a.n == 1
### chained_cmp FAILED
class A: lo = 0; x = 5; hi = 10
def setup(): return A()
def t1(a): a.lo = 20; a.hi = 30; a.x = 25
def t2(a): assert a.lo <= a.x <= a.hi
### fstring_read FAILED
class A: a = 1; b = 1
def setup(): return A()
def t1(s): s.a = 2; s.b = 2
def t2(s):
    t = f"{s.a}{s.b}"
    assert t in ("11", "22")
### multi_target FAILED
class A: a = 1; b = 1
def setup(): return A()
def t1(s): s.a = s.b = 2
def t2(s): x, y = s.a, s.b; assert x == y
### cond_expr FAILED
class A: v = None
def setup():
    a = A(); a.v = [1]
    return a
def t1(a): a.v = None
def t2(a): x = a.v[0] if a.v else 0
### list_pop_check FAILED
q = []
def setup(): q.append(1)
def w():
    if q: q.pop()
def t1(): w()
def t2(): w()
### list_index_swap FAILED
q = []
def setup(): q.extend([1, 2])
def w(): q[0], q[1] = q[1], q[0]
def t1(): w()
def t2(): w()
def at_end(): return sorted(q) == [1, 2]
### big_two_by_many SURVIVED/PROVED
import threading
L = threading.Lock(); v = 0
def w():
    global v
    for _ in range(50):
        with L: v += 1
def setup(): return None
def t1(): w()
def t2(): w()
def at_end(): return v == 100
### heavy_loop SURVIVED/PROVED
import threading
L = threading.Lock(); v = 0
def w():
    global v
    for _ in range(100000): pass
    with L: v += 1
def setup(): return None
def t1(): w()
def t2(): w()
def at_end(): return v == 2
### heavy_shared SURVIVED/PROVED/INVALID
import threading
L = threading.Lock(); v = 0
def w():
    global v
    for _ in range(20000):
        with L: v += 1
def setup(): return None
def t1(): w()
def t2(): w()
def at_end(): return v == 40000
### forty_threads SURVIVED/PROVED main
import threading
L = threading.Lock(); v = 0
def w():
    global v
    with L: v += 1
def main():
    ts = [threading.Thread(target=w) for _ in range(40)]
    for t in ts: t.start()
    for t in ts: t.join()
    assert v == 40
### many_threads SURVIVED/PROVED main
import threading
L = threading.Lock(); v = 0
def w():
    global v
    with L: v += 1
def main():
    ts = [threading.Thread(target=w) for _ in range(400)]
    for t in ts: t.start()
    for t in ts: t.join()
    assert v == 400
