### at_end_pytest_fail FAILED
import pytest
class A: v = 0
def setup(): return A()
def t1(a): a.v += 1
def t2(a): a.v += 1
def at_end(a):
    if a.v != 2: pytest.fail("lost")
### always_pytest_fail FAILED
import pytest
class A: v = 0
def setup(): return A()
def t1(a): a.v += 1
def t2(a): a.v -= 1
def always(a):
    if a.v > 0: pytest.fail("positive")
### at_end_pytest_raises FAILED
import pytest
class A: v = 0
def setup(): return A()
def t1(a): a.v += 1
def t2(a): a.v += 1
def wd(a):
    if a.v < 2: return
    raise ValueError
def at_end(a):
    with pytest.raises(ValueError): wd(a)
### at_end_sys_exit INVALID/FAILED
import sys
class A: v = 0
def setup(): return A()
def t1(a): a.v += 1
def at_end(a): sys.exit(1)
### always_sys_exit INVALID/FAILED
import sys
class A: v = 0
def setup(): return A()
def t1(a): a.v += 1
def always(a):
    if a.v: sys.exit(1)
### at_end_keyboard FAILED/INVALID
def setup(): return None
def t1(): pass
def at_end(): raise KeyboardInterrupt
### importlib_threading PROVED/INVALID/SURVIVED
import importlib
th = importlib.import_module('threading')
L = th.Lock(); v = 0
def w():
    global v
    with L: v += 1
def setup(): return None
def t1(): w()
def t2(): w()
def at_end(): return v == 2
