"""Does rewritten code evaluate everything in the order in which the original does?

Each case runs plain and rewritten, at module level, in a class body, in a function with a global,
and in a function with a nonlocal variable; without a runtime and with one. What is compared: every
special method and call that happens, in order; the exception with its message; the lines of its
traceback; and the shared name's value at the end.
"""

from __future__ import annotations

import re
import traceback
from typing import Any

import pytest

from pytest_bankrace.submission.rewriter import instrument
from tests.submission.recording import Recorder

PRELUDE = """
LOG = []
def f(x, v=None):
    LOG.append(x)
    return v if v is not None else OBJ
class Obj:
    def __getattribute__(s, n):
        if n[:2] != '__':
            LOG.append(('getattr', n))
            return object.__getattribute__(s, n) if n == 'm' else OBJ
        return object.__getattribute__(s, n)
    def __setattr__(s, n, v): LOG.append(('setattr', n))
    def __delattr__(s, n): LOG.append(('delattr', n))
    def __getitem__(s, i): LOG.append(('getitem', str(i))); return OBJ
    def __setitem__(s, i, v): LOG.append(('setitem', str(i)))
    def __delitem__(s, i): LOG.append(('delitem', str(i)))
    def __iadd__(s, o): LOG.append('iadd'); return s
    def __add__(s, o): LOG.append('add'); return s
    def __mul__(s, o): LOG.append('mul'); return s
    def __eq__(s, o): LOG.append('eq'); return s
    def __lt__(s, o): LOG.append('lt'); return s
    __hash__ = object.__hash__
    def __contains__(s, o): LOG.append('in'); return True
    def __bool__(s): LOG.append('bool'); return True
    def __iter__(s): LOG.append('iter'); return iter((1, 2))
    def __call__(s, *a, **k): LOG.append(('call', len(a), sorted(k))); return s
    def __enter__(s): LOG.append('enter'); return (1, 2)
    def __exit__(s, *a): LOG.append('exit')
    def m(s): LOG.append('m'); return s
    def __repr__(s): return 'O'
OBJ = Obj()
G = 0
def bump():
    global G
    G += 1
    return G
"""

CASES = """
f(1).x = f(2)
f(1)[f(2)] = f(3)
f(1)[f(2):f(3)] = f(4)
f(1).x, f(2)[f(3)] = f(4)
f(1).x = f(2)[f(3)] = f(4)
G, f(1).x = f(2)
f(1).x, G, f(5)[f(6)] = 1, 2, f(7)
f(1).x, *f(2).y = f(3)
G = f(1).x = f(2)
[f(1)[f(2)], G], f(1).y = f(3), f(4)
f(1).x += f(2)
f(1)[f(2)] += f(3)
f(1)[f(2):f(3), f(4)] += f(5)
f(1).a.b[f(2)].c += f(3).d
G += bump()
bump(); G += bump() + bump()
x = G + bump() + G
x = f(1); x += f(2); x *= 3; f(x)
f(1)[f(2)].m().z(f(3), *f(4), k=f(5), **{'q': f(6)})
f(1)(f(2), *f(3), f(4), a=f(5), b=f(6))
del f(1).x, f(2)[f(3)], (f(4)[f(5)], f(6).y)
f(1) in f(2)
f(1) not in f(2)
f(1) == f(2) != f(3)
f(1) < f(2) in f(3)
f(1) < f(2)
f(1) * f(2) + f(3)
f(1) % f(2)
'%s' % f(1)
'%d' % f(1)
f(1, 5) % f(2, 0)
f(1) < f(2) < f(3, 5)
f(1, [1]) < f(2, [2]) < f(3, [3])
f'{f(1, [2])}{f(2)!r}'
f(1) and f(2) or f(3)
f(1) if f(2) else f(3)
not f(1)
for f(1).x in f(2): f(3)
for f(1)[f(2)], G in [(1,2),(3,4)]: f(3)
for G in f(2): f(G)
[f(1).x for y in f(2) if f(3) for f(4).z in f(5)]
{f(1): f(2), **{f(3): 1}}
[(f(1)), *f(2)]
with f(1) as f(2).x, f(3) as f(4)[f(5)]: f(6)
with f(1) as (G, f(2).x), f(3) as q: f(6)
with f(1) as G: f(G)
f'{f(1).x!s:{f(2, ">300")}}'
(lambda a=f(1): f(2).x)().y
[f(1)[(w := f(2))], w]
(G := f(1).x)
x = (y for y in f(1)); next(x)
f(1).x: f(2).y = f(3)
f(1)[f(2)]: f(3) = f(4)
f(1)[f(2)]: f(3)
import os.path as G
from os import path as G; f(G is not None)
f(1)[1:2][..., 1:2, f(2)]
while f(1).x: break
assert f(1).x, f(2)
try: raise KeyError(f(1).x)
except KeyError as G: f(type(G).__name__)
try: raise KeyError(f(1))
except KeyError as G: f(1, 5)()
try: f(1, 5)()
except TypeError as G: del G
f(1).x |= f(2)
f(1).x //= f(2)
f(1, [])[0] //= f(2)
[1,2][f(1,5)] = f(2)
(1,2)[f(1,5)]
(1,2)[f(1,0)] = 3
None.x
None.x = f(1)
del None.x
None[f(1)]
a, b = f(1, 5)
a, (b, *c), d = f(1, [1, [2, 3], 4]); f((a, b, c, d))
a, *b, (c, d) = f(1, [1, 2, 3])
(a, b), c = d, e = f(1, [[1, 2], 3]); f((a, b, c, d, e))
for a, (b, c) in f(1, [(1, [2, 3])]): f((a, b, c))
for a, b in f(1, [5]): f(a)
for a, b in f(1, 5): f(a)
[(a, b) for (a, b), c in f(1, [([1, 2], 3)]) if f(a)]
for a, b in zip(f(1), f(2)): f((a, b))
a, b = 1, 2, 3
a, b, G = f(1)
a, b, G, *f(1).x = f(1)
undefined_name.x
undefined_name += 1
G = undefined_name
del G; G
del G; G += 1
for x in f(1, 5): pass
f(1, 5)()
f(1, 5) in f(2, 5)
f(1, 5) + f(2, 'a')
f(1, 5) < f(2, 'a')
G = 'a'; G += f(2, 5)
with f(1, 5): pass
f(*f(1, 5))
f(**f(1, 5))
[*f(1, 5)]
{**f(1, 5)}
{f(1, [])[:]: 1}
[].append(1, 2)
len()
len(5)
[].remove(3)
{}['x']
max(f(1, []))
next(f(1, iter([])))
[].sort(key=f(1, 5))
x = f(1, []); x += f(2, (3,)); x *= 2; f(str(x))
x = f(1, []); x += 5
f(1, {}).x
getattr(f(1, {}), 'x')
setattr(f(1, {}), 'x', f(2))
d = {1: 2}; [d.pop(k) or d.update({k + 9: 1}) for k in d]
x = [3]; x.extend(y + 1 for y in x if y < 5); f(str(x))
x = [3]; [x.append(f(y) and y + 1) for y in x if y < 5]; f(str(x))
int(f(1, 'z'))
{}.fromkeys(5)
f(1).m(2)
@f(1)
def G(): pass
@f(1)
@f(2)
class G: pass
def G(a=f(1), *, b=f(2)): return a
match f(1).x:
    case 1 | None: f(2)
    case Obj(x=G) if f(3).y: f(G)
match [1, f(2)]:
    case [G, *q]: f(G)
match {'a': 1}:
    case {'a': G, **r}: f(G, r)
match f(1, 5):
    case G: f(G)
"""

CONTEXTS = {
    "module": "def rebind():\n    global G\n{body}\n",
    "class": "def rebind():\n    global G\nclass A:\n    {indented}\n",
    "function": "def t():\n    global G, x\n    {indented}\nt()\n",
    "nonlocal": (
        "def u():\n    G = 0\n    def t():\n        nonlocal G\n        {twice}\n    t()\nu()\n"
    ),
}


def cases() -> list[str]:
    """The cases: a line that goes on with the one before it begins with one of these."""
    found: list[str] = []
    decorated = False
    for line in CASES.strip().splitlines():
        if decorated or line.startswith((" ", "except ")):
            found[-1] += "\n" + line
        else:
            found.append(line)
        decorated = line.startswith("@")
    return found


def outcome(code: Any) -> tuple[Any, ...]:
    namespace: dict[str, Any] = {"__name__": "m"}
    exec(PRELUDE, namespace)
    error, lines = None, []
    try:
        exec(code, namespace)
    except Exception as raised:
        error = type(raised).__name__, str(raised)
        trace = traceback.extract_tb(raised.__traceback__)
        lines = [frame.lineno for frame in trace if frame.filename in ("case", "<string>")]
    shared = re.sub(r"0x\w+", "0x", repr(namespace.get("G")))
    return repr(namespace["LOG"]), error, lines, shared


@pytest.mark.filterwarnings("ignore::SyntaxWarning")
@pytest.mark.parametrize("context", CONTEXTS)
@pytest.mark.parametrize("case", cases())
def test_rewritten_code_does_the_same_in_the_same_order(
    case: str, context: str, recorder: Recorder
) -> None:
    source = CONTEXTS[context].format(
        body=case, indented=case.replace("\n", "\n    "), twice=case.replace("\n", "\n        ")
    )
    try:
        plain = compile(source, "case", "exec", dont_inherit=True)
    except SyntaxError:
        pytest.skip("not valid Python in this context")
    rewritten = instrument(source, "case").code
    expected = outcome(plain)
    assert outcome(rewritten) == expected
    with recorder.in_charge():
        assert outcome(rewritten) == expected
    recorder.recording = False
    with recorder.in_charge():
        assert outcome(rewritten) == expected


def test_the_cases_are_all_there() -> None:
    assert len(cases()) > 100
    assert sum(case.startswith("@f(1)") for case in cases()) == 2
