### two_start_one_each PROVED
import threading
x = 0
def c1():
    global x
    x = 1
def c2():
    global x
    x = 2
def setup(): return None
def t1():
    th = threading.Thread(target=c1); th.start()
def t2():
    th = threading.Thread(target=c2); th.start()
def at_end(): return x in (1, 2)
### two_start_one_each_locked PROVED
import threading
L = threading.Lock(); x = 0
def work(n):
    global x
    with L: x += n
def setup(): return None
def t1():
    th = threading.Thread(target=work, args=(1,)); th.start(); th.join()
def t2():
    th = threading.Thread(target=work, args=(2,)); th.start(); th.join()
def at_end(): return x == 3
### two_start_two PROVED/SURVIVED
import threading
L = threading.Lock(); x = 0
def work(n):
    global x
    with L: x += n
def start(k):
    ts = [threading.Thread(target=work, args=(1,)) for _ in range(k)]
    for t in ts: t.start()
    for t in ts: t.join()
def setup(): return None
def t1(): start(1)
def t2(): start(2)
def at_end(): return x == 3
### swallow_ours PROVED
import threading
x = 0
done = []
def c(n):
    global x
    try: x = n
    except Exception as e: done.append(repr(e))
def start(n):
    try:
        th = threading.Thread(target=c, args=(n,)); th.start()
    except Exception as e: done.append(repr(e))
def setup(): return None
def t1(): start(1)
def t2(): start(2)
def at_end(): return x in (1, 2) and not done
### spawner_main PROVED main
import threading
x = 0
def leaf(n):
    global x
    x = n
def mid(n):
    t = threading.Thread(target=leaf, args=(n,)); t.start(); t.join()
def main():
    ts = [threading.Thread(target=mid, args=(i,)) for i in (1, 2)]
    for t in ts: t.start()
    for t in ts: t.join()
    assert x in (1, 2)
### seed4 PROVED
import threading
L = threading.Lock(); x = 0; y = 0
def c11():
    global y
    y = y * 3 + 11
def c12():
    global y
    y = x + 12
def setup(): return None
def t1():
    global x
    with L: x = x * 3 + 1
    th = threading.Thread(target=c11); th.start()
def t2():
    global y
    y = x + 2
    th = threading.Thread(target=c12); th.start()
    y = x + 2
### seed0 PROVED
import threading
L = threading.Lock(); x = 0; y = 0
def c11():
    global x
    x = y + 11
def c12():
    global y
    y = x + 12
def c13():
    global x
    with L: x = x * 3 + 13
def setup(): return None
def t1():
    global y
    if x % 2: y = 1
    th = threading.Thread(target=c11); th.start()
def t2():
    th = threading.Thread(target=c12); th.start()
    th = threading.Thread(target=c13); th.start()
### crash_as_students PROVED
import threading
x = 0
bad = []
def c(n):
    global x
    x = n
def start(n):
    try:
        a = x
        th = threading.Thread(target=c, args=(n,)); th.start()
        b = x
    except IndexError as e: bad.append(e)
def setup(): return None
def t1(): start(1)
def t2(): start(2)
def at_end(): return not bad
