"""Is Optimal DPOR complete where threads release locks that others hold? Random programs against brute force.

usage: python -m repro.brute_foreign_release COUNT   (from the worktree)
"""
import sys, random as R
from random import Random
import tests.strategy.programs as P
from pytest_bankrace.runtime.controlled import Controlled
from pytest_bankrace.runtime.workers import pool
from pytest_bankrace.runtime import current
from pytest_bankrace.strategy.dpor import OptimalDpor
from pytest_bankrace.strategy.bounded import Bounded
HELD = False
class Program(P.Program):
    def _setup(self):
        super()._setup()
        if HELD: self.state.locks[0].acquire()
    def _run(self, thread):
        state, code, at, register = self.state, self._code[thread], 0, 0
        rt = current.active
        while at < len(code):
            name, what, *rest = code[at]; at += 1
            if name == "r": rt.read(state, what); register = getattr(state, what)
            elif name == "w": rt.write(state, what); setattr(state, what, register * 3 + thread + 1)
            elif name == "if": at += what * (register % 2)
            elif name == "a": state.locks[what].acquire()
            elif name == "t":
                if not state.locks[what].acquire(blocking=False): register += 1; at += rest[0]
            elif name == "T":
                if not state.locks[what].acquire(timeout=1): register += 1; at += rest[0]
            elif name == "U":
                try: state.locks[what].release()
                except RuntimeError: register += 1
            elif name == "u":
                try: state.locks[what].release()
                except RuntimeError: register += 1
            elif name == "k": register += state.locks[what].locked()
            state.registers[thread] = register
def step(code, state, thread):
    name, what, *rest = code[thread][state[0][thread]]
    if name in "uU":
        pos, reg, var, own = (list(p) for p in state)
        pos[thread] += 1
        if own[what] >= 0: own[what] = -1
        else: reg[thread] += 1
        return P._settle(code, tuple(tuple(p) for p in (pos, reg, var, own)))
    if name == "T":
        code = [list(c) for c in code]; code[thread][state[0][thread]] = ("t", what, *rest)
    return orig(code, state, thread)
orig = P._step; P._step = step
start = P._start
def _start(code):
    s = start(code)
    return (s[0], s[1], s[2], (9, -1)) if HELD else s
P._start = _start
def gen(rnd):
    code = P.generate(rnd, tries=True)
    for c in code:
        for _ in range(rnd.randrange(3)):
            c.insert(rnd.randrange(len(c) + 1), ("U", rnd.randrange(2)))
    # inserted inside a skipped block, the skip counts no longer fit exactly; that is as good a program
    return [[(("T",) + i[1:] if i[0] == "t" and rnd.random() < .3 else i) for i in c] for c in code]
n = bad = fin = more = 0; doubt = {}
seed = int(sys.argv[2]) if len(sys.argv) > 2 else 0
with pool.pinned():
    while n < int(sys.argv[1]):
        seed += 1; rnd = Random(seed); HELD = rnd.random() < .4
        code = gen(rnd)
        for c in code:  # skips beyond the end
            for k, i in enumerate(c):
                if i[0] in "tT" and k + 1 + i[2] > len(c): c[k] = (i[0], i[1], len(c) - k - 1)
                if i[0] == "if" and k + 1 + i[1] > len(c): c[k] = ("if", len(c) - k - 1)
        tr = P.traces(code, 300)
        if not 1 < tr <= 300: continue
        n += 1
        there = P.outcomes(code)
        for make in (OptimalDpor, lambda: Bounded(None)):
            p = Program(code); rt = Controlled(p.scenario); s = make(); found = set(); ex = 0
            while s.new_execution():
                e = rt.run(s); s.end_execution()
                if not e.redundant: ex += 1; found.add(p.outcome(e))
            if getattr(s, 'doubtful', ''): doubt[s.doubtful] = doubt.get(s.doubtful, 0) + 1; continue
            fin += s.finished
            if found != there:
                bad += 1
                if bad < 4: print('MISSED' if found < there else 'DIFF', seed, HELD, type(s).__name__, code, there - found, found - there)
            elif ex != tr: more += 1
print(n, 'programs; finished', fin, 'wrong', bad, 'executions other than traces', more, 'gave up', doubt)
