"""Does PROVED miss outcomes? Random student programs with objects made late, against random walk and POS.

usage: python repro/random_students.py COUNT [FIRST SEED]
"""
import sys, tempfile, pathlib
from random import Random
from pytest_bankrace import Scenario, explore, load_submission
from pytest_bankrace.strategy.walk import RandomWalk
from pytest_bankrace.strategy.pos import PartialOrderSampling
HEAD = '''import threading, sys
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
    %s
def show(o):
    if isinstance(o, (N, M)): return type(o).__name__, o.v
    if isinstance(o, list): return ['L', *map(show, o)]
    return o
def at_end():
    sys._outs.add(repr((sorted((k, show(v)) for k, v in box.items()), [show(o) for o in objs], logs, total)))
'''
def stmts(r, i, depth=0):
    out = []
    for _ in range(r.randint(1, 3)):
        k = r.choice('ab'); c = r.randrange(16); e = r.choice(['N()', 'M()', '[0]', 'N(3)'])
        if c == 0: s = [f"if {k!r} not in box: box[{k!r}] = {e}"]
        elif c == 1: s = [f"box[{k!r}] = {e}"]
        elif c == 2: s = [f"o = box.get({k!r})", f"if isinstance(o, (N, M)): o.v = o.v * 2 + {i + 1}", "elif o: o[0] += 1"]
        elif c == 3: s = [f"objs.append({e})"]
        elif c == 4: s = ["if objs:", "    try: o = objs.pop()", f"    except IndexError: logs[{i}].append('E')", "    else:", f"        if not isinstance(o, list): o.v += {i + 1}; box['a'] = o"]
        elif c == 5 and depth == 0: s = [f"with LOCKS[{r.randrange(2)}]:"] + ['    ' + x for x in stmts(r, i, 1)]
        elif c == 6: s = ["global total", f"total = total * 2 + {i + 1}"]
        elif c == 7: s = [f"o = box.get({k!r})", f"logs[{i}].append(show(o))"]
        elif c == 8 and depth == 0: s = [f"o = box.get({k!r})", "if isinstance(o, N):", f"    with o.l: o.v = o.v * 3 + {i + 1}"]
        elif c == 9: s = [f"if LOCKS[{r.randrange(2)}].locked(): logs[{i}].append('held')"] if depth == 0 else ["pass"]
        elif c == 10: s = [f"m = {e}", f"box[{k!r}] = m", "if not isinstance(m, list): m.v += 5"]
        elif c == 11: s = [f"x = box.setdefault({k!r}, {e})", f"logs[{i}].append(show(x))"]
        elif c == 12: s = ["for o in list(objs):", "    if not isinstance(o, list): o.v += 1"]
        elif c == 13 and depth == 0: s = ["def f():", f"    box[{k!r}] = {e}", "th = threading.Thread(target=f); th.start()"] + r.choice([[], ["th.join()"]])
        elif c == 14: s = [f"q = [{e}, {e}]", "objs.append(q[0])", "if isinstance(q[1], list): q[1].append(1)", f"box[{k!r}] = q[1]"]
        elif c == 15: s = [f"try: del box[{k!r}]", f"except KeyError: logs[{i}].append('K')"]
        else: s = [f"objs and logs[{i}].append(show(objs[0]))"] if False else [f"logs[{i}].append(len(objs))"]
        out += s
    return out
work = pathlib.Path(tempfile.mkdtemp()); bad = proved = n = 0; reasons = {}
first = int(sys.argv[2]) if len(sys.argv) > 2 else 0
for seed in range(first, first + int(sys.argv[1])):
    r = Random(seed); threads = r.choice((2, 2, 3))
    src = HEAD % r.choice(["pass", "box['a'] = N()", "objs.append(M()); objs.append(N())", "box['b'] = [0]"])
    for i in range(threads):
        body = stmts(r, i)
        if "global total" in body or any('global total' in b for b in body):
            body = ["global total"] + [b for b in body if 'global total' not in b] or ["pass"]
        src += f"def t{i}():\n" + ''.join(f"    {b}\n" for b in body)
    f = work / f"b{seed}.py"; f.write_text(src)
    try: compile(src, 'x', 'exec')
    except SyntaxError: continue
    sub = load_submission(f)
    sc = Scenario(lambda: sub.setup(), *[(lambda i=i: getattr(sub, f't{i}')()) for i in range(threads)], at_end=lambda: sub.at_end())
    sys._outs = set()
    v = explore(sc, schedules=4000, seconds=3, data_races="ignore", submissions=[sub]); n += 1
    if v.outcome.value.upper() == 'FAILED' or v.outcome.value.upper() == 'INVALID':
        reasons[str(v)[:70]] = reasons.get(str(v)[:70], 0) + 1
        if str(v).startswith('INVALID') or 'Deadlock' in str(v): print(seed, v)
        continue
    if "can't be seen" not in v.reason and v.outcome.value.upper() != 'PROVED':
        reasons[v.reason[:60]] = reasons.get(v.reason[:60], 0) + 1; continue
    proved += 1
    outs = set(sys._outs); sys._outs = set()
    for S in (RandomWalk, PartialOrderSampling):
        w = explore(sc, schedules=400, seconds=5, strategy=S(1), data_races="ignore", submissions=[sub])
        if w.outcome.value.upper() in ('FAILED', 'INVALID'): print('SAMPLING FAILS', seed, w); bad += 1
    if not sys._outs <= outs:
        bad += 1; print('MISSED', seed, len(outs), len(sys._outs - outs), f)
print(n, 'programs', proved, 'covered', bad, 'wrong', reasons)
