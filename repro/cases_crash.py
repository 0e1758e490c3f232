### file_state INVALID
import os
F = __file__ + ".count"
def setup(): return None
def inc():
    try: n = int(open(F).read())
    except FileNotFoundError: n = 0
    with open(F, "w") as f: f.write(str(n + 1))
def t1(): inc()
def t2(): inc()
### outside_counter INVALID
import sys
def setup(): return None
v = 0
def t1():
    global v
    n = getattr(sys, "_rv", 0) + 1
    sys._rv = n
    for _ in range(n): v += 1
def t2():
    global v
    v += 1
def at_end(): return v >= 0
### outside_fail_first INVALID
import sys
v = 0
def setup(): return None
def t1():
    global v
    sys._rv2 = getattr(sys, "_rv2", 0) + 1
    if sys._rv2 > 3: v += 1
    assert sys._rv2 < 6
def t2():
    global v
    v += 1
### outside_shorter INVALID
import sys
v = 0
def setup(): return None
def t1():
    global v
    sys._rv3 = getattr(sys, "_rv3", 0) + 1
    for _ in range(10 - sys._rv3): v += 1
def t2():
    global v
    v += 1
def at_end(): return sys._rv3 < 4
