### setup_loop INVALID/FAILED
def setup():
    while True: pass
def t1(): pass
### setup_loop_probe INVALID/FAILED
x = [0]
def setup():
    while True: x[0] += 1
def t1(): pass
### setup_for_big INVALID/FAILED/PROVED
def setup():
    for i in range(10**9): pass
def t1(): pass
### always_loop INVALID/FAILED
x = [0]
def setup(): return None
def t1(): x[0] = 1
def always():
    while x[0]: pass
    return True
### at_end_loop INVALID/FAILED
x = [0]
def setup(): return None
def t1(): x[0] = 1
def at_end():
    while x[0]: pass
    return True
### probe_free_c INVALID
def setup(): return None
def t1(): sum(range(10**12))
def t2(): pass
