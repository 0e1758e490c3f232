"""Which reads and writes does each construct announce, in which order, of which owners and keys?"""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Callable
from types import CellType, ModuleType
from typing import Any

import pytest

from pytest_bankrace.runtime.operation import STRUCTURE
from pytest_bankrace.submission.rewriter import Unobserved, instrument, stored_attributes
from tests.submission.recording import Recorder

Load = Callable[..., ModuleType]

SETUP = """
import bisect, copy, heapq, itertools, operator
from collections import Counter, OrderedDict, defaultdict, deque
from dataclasses import dataclass
from operator import attrgetter, itemgetter, methodcaller
from types import SimpleNamespace
total = 0
class Account:
    rate = 2
    def __init__(self, balance): self.balance = balance
    def deposit(self, amount): self.balance += amount
class Slotted:
    __slots__ = ("balance",)
class Guarded:
    def __setattr__(self, name, value): object.__setattr__(self, name, value)
    def __getattribute__(self, name): return super().__getattribute__(name)
class Entries(list):
    def __getitem__(self, i): return super().__getitem__(i)
    def append(self, x): super().append(x)
@dataclass
class Point:
    x: int
    y: int
@dataclass
class Amount:
    x: int
def bind():
    global total
    total = 0
"""


def announced(load: Load, recorder: Recorder, body: str, **names: Any) -> list[str]:
    """What a function body announces, as `r name.key`, by the names of the function's arguments."""
    indented = "\n    ".join(body.splitlines())
    module = load(f"{SETUP}\ndef run({', '.join(names)}):\n    {indented}\n")
    made = {
        name: (getattr(module, value)() if value.isidentifier() else eval(value, vars(module)))
        for name, value in names.items()
    }
    failures = AttributeError, LookupError, TypeError
    with recorder.in_charge(), contextlib.suppress(*failures):
        module.run(**made)
    known = {id(value): name for name, value in made.items()}
    known |= {id(getattr(module, name)): name for name in ("Account", "Point")}
    known[id(vars(module))] = "module"

    def spell(operation: tuple[Any, ...]) -> str:
        kind, owner, key, *also = operation
        name = "cell" if isinstance(owner, CellType) else known.get(id(owner), "?")
        shown = "*" if key is STRUCTURE else key if isinstance(key, str) else repr(key)
        return f"{kind[0]} {name}.{shown}" + "".join(f" {known[id(a)]}.{shown}" for a in also)

    return [spell(operation) for operation in recorder.log]


POINTS = ["p.x", "p.y", "q.x", "q.y"]
"""In which order a dataclass compares its fields."""
if sys.version_info >= (3, 13):
    POINTS = ["p.x", "q.x", "p.y", "q.y"]
A, L, D, S = "Account(1)", "[3, 1, 2]", "{'k': 1}", "{1, 2}"
TABLE: list[tuple[str, dict[str, str], str]] = [
    # Attributes
    ("a.balance", {"a": A}, "r a.balance"),
    ("a.balance = 2", {"a": A}, "w a.balance"),
    ("a.balance += 2", {"a": A}, "r a.balance; w a.balance"),
    ("del a.balance", {"a": A}, "w a.balance"),
    ("a.missing", {"a": A}, "r a.missing"),
    ("a.rate", {"a": A}, "r a.rate Account.rate"),
    ("a.rate = 1; a.rate", {"a": A}, "w a.rate; r a.rate"),
    ("Account.rate", {}, "r Account.rate"),
    ("Account.rate = 1", {}, "w Account.rate"),
    ("a.deposit(1)", {"a": A}, "r a.balance; w a.balance"),
    ("s.balance = 1; s.balance", {"s": "Slotted"}, "w s.balance; r s.balance"),
    ("g.x = 1; g.x", {"g": "Guarded"}, "w g.x; r g.x"),
    ("a.balance, b.balance = 1, 2", {"a": A, "b": A}, "w a.balance; w b.balance"),
    ("for a.balance in (1, 2): pass", {"a": A}, "w a.balance; w a.balance"),
    ("getattr(a, 'balance')", {"a": A}, "r a.balance"),
    ("setattr(a, 'balance', 1)", {"a": A}, "w a.balance"),
    ("delattr(a, 'balance')", {"a": A}, "w a.balance"),
    ("hasattr(a, 'x')", {"a": A}, "r a.x"),
    ("object.__setattr__(a, 'x', 1)", {"a": A}, "w a.x"),
    ("copy.copy(a)", {"a": A}, "r a.*"),
    ("(1).real; 'a'.upper(); [].append", {}, ""),
    ("run.calls = 1; run.calls += 1", {"run": "bind"}, ""),
    # Names
    ("global total; total", {}, "r module.total"),
    ("global total; total = 1", {}, "w module.total"),
    ("global total; total += 1", {}, "r module.total; w module.total"),
    ("global total; total //= 1", {}, "r module.total; w module.total"),
    ("global total; x, total = 1, 2", {}, "w module.total"),
    ("global total; x = total = 2", {}, "w module.total"),
    ("global total; (total := 1)", {}, "w module.total"),
    ("global total; del total", {}, "w module.total"),
    ("global total\nfor total in (1, 2): pass", {}, "w module.total; w module.total"),
    ("global total\ndef total(): pass", {}, "w module.total"),
    ("global total\nclass total: pass", {}, "w module.total"),
    ("global total\nimport os as total", {}, "w module.total"),
    ("global total\nfrom os import path as total", {}, "w module.total"),
    ("global total\nwith memoryview(b'') as total: pass", {}, "w module.total"),
    (
        "global total\ntry: raise IndexError\nexcept IndexError as total: pass",
        {},
        "w module.total; w module.total; w module.total",
    ),
    ("global total\nmatch 1:\n    case total: pass", {}, "w module.total"),
    ("bind(); run.x", {}, "w module.total; r ?.x"),
    ("n = 0\ndef f():\n    nonlocal n\n    n += 1\nf()", {}, "w cell.n; r cell.n; w cell.n"),
    # Subscripts
    ("l[0]", {"l": L}, "r l.0"),
    ("l[-1]", {"l": L}, "r l.2"),
    ("l[True]", {"l": L}, "r l.1"),
    ("l[9]", {"l": L}, "r l.9"),
    ("l[1:]", {"l": L}, "r l.*"),
    ("l[0] = 1", {"l": L}, "w l.0"),
    ("l[-1] += 1", {"l": L}, "r l.2; w l.2"),
    ("l[1:] = [1]", {"l": L}, "w l.*"),
    ("del l[0]", {"l": L}, "w l.*"),
    ("d['k']", {"d": D}, "r d.k"),
    ("d['x']", {"d": D}, "r d.x"),
    ("d['k'] = 1", {"d": D}, "w d.k"),
    ("d['x'] = 1", {"d": D}, "w d.*"),
    ("d['k'] += 1", {"d": D}, "r d.k; w d.k"),
    ("d[1, 'a']", {"d": D}, "r d.(1, 'a')"),
    ("d[Account]", {"d": D}, "r d.*"),
    ("d[1.5]", {"d": D}, "r d.*"),
    ("del d['k']", {"d": D}, "w d.*"),
    ("d['x'] += 1", {"d": "defaultdict(int)"}, "w d.*; w d.x"),
    ("d['x'] += 1", {"d": "Counter()"}, "r d.x; w d.*"),
    ("d['k'], l[0] = 1, 2", {"d": D, "l": L}, "w d.k; w l.0"),
    ("(1, 2)[0]; 'ab'[0]", {}, ""),
    ("e[0]", {"e": "Entries([1])"}, "r e.0"),
    # Containers: methods
    ("l.append(1)", {"l": L}, "w l.*"),
    ("e.append(1)", {"e": "Entries()"}, "w e.*"),
    ("list.append(l, 1)", {"l": L}, "w l.*"),
    ("add = l.append\nadd(1)", {"l": L}, "w l.*"),
    ("list(map(l.append, (1, 2)))", {"l": L}, "w ?.*; w l.*; w l.*"),
    ("l.count(1); l.index(1); l.copy()", {"l": L}, "r l.*; r l.*; r l.*"),
    ("l.extend(m)", {"l": L, "m": L}, "w l.*; r m.*"),
    ("l.extend(x for x in m)", {"l": "[]", "m": "[1]"}, "w l.*; r m.*; w l.*; r m.*"),
    ("l.pop(); l.sort()", {"l": L}, "w l.*; w l.*"),
    ("d.get('k'); d.get('x')", {"d": D}, "r d.k; r d.x"),
    ("d.setdefault('x', 1); d.pop('x')", {"d": D}, "w d.*; w d.*"),
    ("d.update(e)", {"d": D, "e": D}, "w d.*; r e.*"),
    ("d.__setitem__('k', 2); d.__getitem__('k')", {"d": D}, "w d.k; r d.k"),
    ("s.add(1); s.discard(1)", {"s": S}, "w s.*; w s.*"),
    ("s.union(t)", {"s": S, "t": S}, "r s.*; r t.*"),
    ("q.popleft(); q.append(1); q[0]", {"q": "deque([1, 2])"}, "w q.*; w q.*; r q.0"),
    ("c.update(l); c.most_common()", {"c": "Counter()", "l": L}, "w c.*; r l.*; r c.*"),
    ("o.move_to_end('k')", {"o": "OrderedDict(k=1)"}, "w o.*"),
    ("','.join(l)", {"l": "['a']"}, "r l.*"),
    # Containers: builtins and libraries
    ("len(l); sum(l); sorted(l); list(l)", {"l": L}, "r l.*; r l.*; r l.*; r l.*"),
    ("max(l)", {"l": L}, "r l.*"),
    ("max(l, key=abs)", {"l": "[1]"}, "r l.*; r l.*"),
    ("sorted(l, key=abs)", {"l": L}, "r l.*"),
    ("len(d.keys()); sum(d.values())", {"d": D}, "r d.*; r d.*"),
    ("heapq.heappush(l, 1); heapq.heappop(l)", {"l": L}, "w l.*; w l.*"),
    ("bisect.insort(l, 1)", {"l": L}, "w l.*"),
    ("operator.setitem(l, 0, 1)", {"l": L}, "w l.*"),
    ("isinstance(l, list); id(l); type(l)", {"l": L}, ""),
    ("Counter(l); tuple(l); set(l)", {"l": L}, "r l.*; r l.*; r l.*"),
    ("next(i)", {"i": "iter([1])"}, "w i.*"),
    ("next(i)", {"i": "itertools.count()"}, "w i.*"),
    # Containers: operators
    ("1 in l", {"l": L}, "r l.*"),
    ("'k' in d; 'x' not in d; 1 in s", {"d": D, "s": S}, "r d.k; r d.x; r s.1"),
    ("1 in d.values()", {"d": D}, "r d.*"),
    ("l == m; l < m; l + m", {"l": L, "m": L}, "; ".join(["r l.*; r m.*"] * 3)),
    ("s | t; s - t; l * 2", {"s": S, "t": S, "l": L}, "r s.*; r t.*; r s.*; r t.*; r l.*"),
    ("l += m", {"l": L, "m": L}, "w l.*; r m.*"),
    ("l *= 2", {"l": L}, "w l.*"),
    ("a.balance += m", {"a": "Account([])", "m": L}, "r a.balance; w ?.*; r m.*; w a.balance"),
    ("if l: pass\nnot l\nl and 1\n1 if l else 2", {"l": L}, "; ".join(["r l.*"] * 4)),
    ("while not l: pass\nassert l", {"l": L}, "r l.*; r l.*"),
    ("f'{l}'; print(*l); {**d}", {"l": "['']", "d": D}, "r l.*; r l.*; r d.*"),
    ("x, y, z = l", {"l": L}, "r l.*"),
    ("p == q", {"p": "Point(1, 2)", "q": "Point(1, 2)"}, "; ".join(f"r {each}" for each in POINTS)),
    ("repr(p)", {"p": "Point(1, 2)"}, "r p.x; r p.y"),
    ("p in l", {"p": "Amount(1)", "l": "[Amount(2)]"}, "r l.*; r ?.x; r p.x"),
    # What is inside
    ("l == m", {"l": "[[1]]", "m": "[[1]]"}, "r l.*; r m.*; r ?.*; r ?.*"),
    ("l < m", {"l": "([1],)", "m": "([2],)"}, "r ?.*; r ?.*"),
    ("sorted(l); max(l)", {"l": "[[1]]"}, "r l.*; r ?.*; r l.*; r ?.*"),
    ("[1] in l; 1 in (l, 2)", {"l": "[[1]]"}, "r ?.*; r l.*; r ?.*; r l.*; r ?.*"),
    ("l.index([1]); l.remove([1])", {"l": "[[1]]"}, "r l.*; r ?.*; r ?.*; w l.*; r ?.*; r ?.*"),
    ("l.sort()", {"l": "[[1], [0]]"}, "w l.*; r ?.*; r ?.*"),
    ("f'{l}'; str(l); '%s' % (l,)", {"l": "[[1]]"}, "; ".join(["r l.*; r ?.*"] * 3)),
    ("'%(k)s' % d; '{0}'.format(d)", {"d": D}, "r d.*; r d.*"),
    ("sum(l, [])", {"l": "[[1]]"}, "r l.*; r ?.*; r ?.*"),
    ("[0] < l < [9]", {"l": L}, "r ?.*; r l.*; r ?.*"),
    ("str(e); f'{e}'", {"e": "ValueError([1])"}, "r e.args; r ?.*; r e.args; r ?.*"),
    ("e.args", {"e": "ValueError(1)"}, "r e.args"),
    ("e.args = (); e.add_note('')", {"e": "ValueError()"}, "w e.args; w e.__notes__"),
    ("n.x; n.x = 2; n == n", {"n": "SimpleNamespace(x=1)"}, "r n.x; w n.x; r n.*"),
    ("x, (y, z) = l", {"l": "[0, [1, 2]]"}, "r l.*; r ?.*"),
    ("x, *y, (z, z) = l", {"l": "[0, [1, 2]]"}, "r l.*; r ?.*"),
    ("for x, y in l: pass", {"l": "[[1, 2]]"}, "r l.*; r ?.*; r l.*"),
    ("[x for i, (x, y) in enumerate(l)]", {"l": "[[1, 2]]"}, "r l.*; r ?.*; r l.*"),
    ("a, b = i; [*i]", {"i": "iter([1, 2])"}, "w i.*; w i.*"),
    # Functions that are called later
    ("attrgetter('balance')(a)", {"a": A}, "r a.balance"),
    ("itemgetter(0, 1)(l)", {"l": L}, "r l.0; r l.1"),
    ("methodcaller('get', 'k')(d)", {"d": D}, "r d.k"),
    ("min(l, key=itemgetter(0))", {"l": "[{0: 1}]"}, "r l.*; r ?.0; r l.*"),
    ("list(map(list, l))", {"l": "[[1]]"}, "w ?.*; r l.*; r ?.*; r l.*"),
    ("list(map(len, l))", {"l": "[[1]]"}, "w ?.*; r l.*; r ?.*; r l.*"),
    (
        "sum(itertools.starmap(max, l))",
        {"l": "[[1, 2]]"},
        "w ?.*; r l.*; r ?.*; r ?.*; r ?.*; r l.*",
    ),
    ("def call(target): target(l, 1)\ncall(target=heapq.heappush)", {"l": L}, "w l.*"),
    # Containers: iteration
    ("for x in l: pass", {"l": "[1]"}, "r l.*; r l.*"),
    ("[x for x in d]", {"d": D}, "r d.*; r d.*"),
    ("for k, v in d.items(): pass", {"d": D}, "r d.*; r d.*"),
    ("for i, x in enumerate(l): pass", {"l": "[1]"}, "r l.*; r l.*"),
    ("list(zip(l, m))", {"l": "[1]", "m": "[1]"}, "w ?.*; r l.*; r m.*; r l.*"),
    ("list(reversed(l))", {"l": "[1]"}, "w ?.*; r l.*; r l.*"),
    ("for x in i: pass", {"i": "iter([1])"}, "w i.*; w i.*"),
    ("def g(): yield from l\nlist(g())", {"l": "[1]"}, "r l.*; r l.*"),
]


@pytest.mark.parametrize(("body", "names", "expected"), TABLE, ids=[row[0] for row in TABLE])
def test_what_is_announced(
    load: Load, recorder: Recorder, body: str, names: dict[str, str], expected: str
) -> None:
    found = announced(load, recorder, body, **names)
    if body.startswith("run.calls"):
        found = [operation for operation in found if "run" not in operation]
    assert "; ".join(found) == expected


def test_loops_tick(load: Load, recorder: Recorder) -> None:
    module = load(
        "def run():\n"
        "    n = 0\n"
        "    while n < 3: n += 1\n"
        "    for i in range(4): pass\n"
        "    return [i for i in range(5)]\n"
    )
    with recorder.in_charge():
        module.run()
    assert recorder.ticks == 3 + 4 + 5


def test_the_recorder_sees_what_is_read_and_written(load: Load, recorder: Recorder) -> None:
    module = load(
        SETUP + "def run(a, l, d):\n    a.balance += 1\n    l[0] = d['k']\n    d.get('k')\n"
    )
    account = module.Account(5)
    with recorder.in_charge():
        module.run(account, [0], {"k": 7})
    assert recorder.values == [5, 6, 7, 7, 7]


def test_a_value_is_seen_as_it_is_after_the_other_thread(load: Load, recorder: Recorder) -> None:
    module = load(SETUP + "def run(a):\n    return a.balance\n")
    account = module.Account(5)
    recorder.meanwhile = lambda: setattr(account, "balance", 9)
    with recorder.in_charge():
        assert module.run(account) == 9
    assert recorder.values == [9]


# -- What was looked up before the announcement may be stale after it


def test_a_key_that_vanishes_meanwhile_is_announced_again(load: Load, recorder: Recorder) -> None:
    module = load("def run(d): d['k'] = 1")
    accounts = {"k": 0}
    recorder.meanwhile = accounts.clear
    with recorder.in_charge():
        module.run(accounts)
    assert recorder.log == [("write", accounts, "k"), ("write", accounts, STRUCTURE)]


def test_a_negative_index_that_moves_is_announced_again(load: Load, recorder: Recorder) -> None:
    module = load("def run(l): return l[-1]")
    entries = [1, 2]
    recorder.meanwhile = lambda: entries.append(3)
    with recorder.in_charge():
        assert module.run(entries) == 3
    assert recorder.log == [("read", entries, 1), ("read", entries, 2)]


def test_an_attribute_that_moves_to_the_instance_is_announced_again(
    load: Load, recorder: Recorder
) -> None:
    module = load(SETUP + "def run(a): return a.rate")
    account = module.Account(0)
    recorder.meanwhile = lambda: setattr(account, "rate", 5)
    with recorder.in_charge():
        assert module.run(account) == 5
    assert recorder.log == [("read", account, "rate", module.Account), ("read", account, "rate")]


def test_a_class_that_changes_is_looked_up_again(load: Load, recorder: Recorder) -> None:
    module = load(SETUP + "def run(a):\n    a.x\n    Account.x = 1\n    a.x\n")
    account = module.Account(0)
    with recorder.in_charge(), pytest.raises(AttributeError):
        module.run(account)
    account.x = 0
    with recorder.in_charge():
        module.run(account)
    del account.x
    recorder.log.clear()
    with recorder.in_charge():
        module.run(account)
    assert recorder.log[0] == ("read", account, "x", module.Account)


def test_an_exception_in_a_probe_leaves_the_operation_undone(
    load: Load, recorder: Recorder
) -> None:
    class Unwind(BaseException):
        pass

    def unwind() -> None:
        raise Unwind

    module = load("def run(d): d['k'] = 1")
    accounts = {"k": 0}
    recorder.meanwhile = unwind
    with recorder.in_charge(), pytest.raises(Unwind):
        module.run(accounts)
    assert accounts == {"k": 0}


# -- What no probe sees


@pytest.mark.parametrize(
    ("source", "what"),
    [
        ("eval('1')", "eval"),
        ("exec('')", "exec"),
        ("def f(): return globals()", "globals"),
        ("vars(x)", "vars"),
        ("self.__dict__", "__dict__"),
        ("async def f(): pass", "async"),
        ("import numpy", "numpy"),
        ("from json import dumps", "json"),
        ("from functools import lru_cache", "lru_cache"),
        ("import functools as f\n@f.cache\ndef g(): pass", "cache"),
        ("import statistics as s\ns.covariance(x, y)", "covariance"),
        ("from string import Template", "Template"),
        ("import logging\nlogging.disable()", "logging"),
        ("class A:\n    def __del__(self): pass", "__del__"),
        ("from functools import singledispatch", "singledispatch"),
        ("A.x.__set__(a, 1)", "__set__"),
        ("match x:\n    case Account(balance=0): pass", "case"),
        ("match x:\n    case [[a], b]: pass", "case"),
        ("[lambda: i for i in x]", "`i`"),
        ("global G\nmatch x:\n    case G if G: pass", "`G`"),
        ("import os\nsetattr(os, name, 1)", "setattr"),
        ("from copy import deepcopy", "deepcopy"),
        ("from dataclasses import asdict", "asdict"),
        ("def f():\n    global os\n    import os.path", "os.path"),
    ],
)
def test_a_construct_that_no_probe_sees_is_listed(source: str, what: str) -> None:
    *_, place = instrument(source, "student.py").unobserved
    assert isinstance(place, Unobserved)
    assert what in place.what
    assert 1 <= place.line <= source.count("\n") + 1


def test_a_usual_submission_has_nothing_unobserved() -> None:
    source = SETUP + (
        "from __future__ import annotations\n" * 0
        + "import threading\n"
        + "def transfer(a, b, amount):\n"
        + "    with threading.Lock():\n"
        + "        match amount:\n"
        + "            case int(n) if n > 0: a.balance -= n\n"
        + "            case _: raise ValueError(f'{amount!r}')\n"
    )
    assert instrument(source, "student.py").unobserved == ()


def test_attributes_stored_on_other_things_are_found(tmp_path: Any) -> None:
    path = tmp_path / "main.py"
    path.write_text(
        "import bank\nbank.total = 1\nbank.count += 1\nself.own = 2\nsetattr(bank, 'x', 1)\n"
        "del bank.gone\nprint(bank.read)\n"
    )
    assert stored_attributes(path) == {"total", "count", "x", "gone"}
    path.write_text("def broken(:")
    assert stored_attributes(path) == frozenset()
    assert stored_attributes(tmp_path / "missing.py") == frozenset()


def test_a_modules_attribute_and_its_global_are_one_location(
    load: Load, recorder: Recorder
) -> None:
    bank = load("total = 0\ndef get(): return total", extra_shared=frozenset({"total"}))
    main = load("def run(bank):\n    bank.total = 1\n    bank.total\n    bank.get()\n")
    with recorder.in_charge():
        main.run(bank)
    assert [(kind, key) for kind, _, key in recorder.log if key == "total"] == [
        ("write", "total"), ("read", "total"), ("read", "total"),
    ]  # fmt: skip
    assert all(owner is vars(bank) for _, owner, key in recorder.log if key == "total")


def test_syntax_errors_and_warnings_are_the_sources_own() -> None:
    with pytest.raises(SyntaxError, match="was never closed"):
        instrument("f(", "student.py")
    with pytest.warns(SyntaxWarning, match="is") as caught:
        instrument("x = 1\nx is 1\nx.y = 2\n", "student.py")
    assert len(caught) == 1


def test_a_source_without_accesses_has_the_code_it_had() -> None:
    code = instrument("def f(a, b):\n    return a or b\n", "student.py").code
    plain = compile("def f(a, b):\n    return a or b\n", "student.py", "exec")
    assert code.co_consts[0].co_names == plain.co_consts[0].co_names == ()
