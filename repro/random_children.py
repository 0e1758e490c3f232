"""Does PROVED miss outcomes where several threads start threads? As random_students, but children only.

usage: python repro/random_children.py COUNT [FIRST SEED]
"""
import sys, tempfile, pathlib
from random import Random
from pytest_bankrace import Scenario, explore, load_submission
from pytest_bankrace.strategy.walk import RandomWalk
from pytest_bankrace.strategy.bounded import Bounded
from pytest_bankrace.strategy.pos import PartialOrderSampling
HEAD = '''import threading, sys
L = threading.Lock()
x = 0
y = 0
def setup(): pass
def at_end():
    sys._outs.add(repr((x, y)))
'''
def ops(r, i):
    out = []
    for _ in range(r.randint(1, 2)):
        out.append(r.choice([f"x = x * 3 + {i}", f"y = y * 3 + {i}", f"x = {i}", f"y = {i}", f"y = x + {i}", f"x = y + {i}", f"if x % 2: y = {i}", f"with L: x = x * 3 + {i}", f"with L: y = {i}"]))
    return out
work = pathlib.Path(tempfile.mkdtemp()); bad = proved = n = 0; reasons = {}
first = int(sys.argv[2]) if len(sys.argv) > 2 else 0
for seed in range(first, first + int(sys.argv[1])):
    r = Random(seed); threads = r.choice((2, 2, 3)); src = HEAD; m = 10
    for i in range(threads):
        body = ["global x, y"]
        for _ in range(r.choice((1, 1, 2))):
            if r.random() < .4: body += ops(r, i + 1)[:1]
            m += 1
            src += f"def c{m}():\n    global x, y\n" + ''.join(f"    {b}\n" for b in ops(r, m)[: r.choice((1, 2))])
            body += [f"th = threading.Thread(target=c{m}); th.start()"]
            if r.random() < .2: body += ["th.join()"]
        if r.random() < .3: body += ops(r, i + 1)[:1]
        src += f"def t{i}():\n" + ''.join(f"    {b}\n" for b in body)
    f = work / f"c{seed}.py"; f.write_text(src)
    sub = load_submission(f)
    sc = Scenario(lambda: sub.setup(), *[(lambda i=i: getattr(sub, f't{i}')()) for i in range(threads)], at_end=lambda: sub.at_end())
    sys._outs = set()
    v = explore(sc, schedules=6000, seconds=3, data_races="ignore", submissions=[sub]); n += 1
    if v.outcome.value.upper() in ('FAILED', 'INVALID'):
        reasons[str(v)[:70]] = reasons.get(str(v)[:70], 0) + 1; print(seed, str(v)[:150], v.finding); continue
    if "can't be seen" not in v.reason and v.outcome.value.upper() != 'PROVED':
        reasons[v.reason[:60]] = reasons.get(v.reason[:60], 0) + 1; continue
    proved += 1; outs = set(sys._outs); sys._outs = set()
    for S in (RandomWalk, PartialOrderSampling):
        w = explore(sc, schedules=500, seconds=5, strategy=S(1), data_races="ignore", submissions=[sub])
    if not sys._outs <= outs:
        bad += 1; print('MISSED', seed, len(outs), len(sys._outs - outs), f)
print(n, 'programs', proved, 'covered', bad, 'wrong', reasons)
