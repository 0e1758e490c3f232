"""Do the probes come in the order of the opcodes that the original executes?

The plain code runs under an opcode tracer, which notes the opcodes that touch attributes, elements
and globals; the rewritten code runs with probes that note themselves. The two lists must be equal.
"""

from __future__ import annotations

import dis
import sys
from types import CodeType, FrameType
from typing import Any

import pytest

from pytest_bankrace.submission import rewriter
from pytest_bankrace.submission.probes import AttributeReference, ItemReference

PROGRAM = """
total = 0
class Node:
    def __init__(self):
        self.v = [1, 2, 3]
        self.m = {'a': {'b': [0]}}
        self.c = 0
        self.next = None
class Bank:
    def __init__(self, n):
        self.accounts = [Account(i, 100) for i in range(n)]
        self.pending = []
    def transfer(self, i, j, amount):
        a, b = self.accounts[i], self.accounts[j]
        if a.balance >= amount and self.accounts:
            a.balance -= amount
            b.balance += amount
            self.accounts[i].history[-1:] = [(amount, j)]
    def drain(self):
        while self.pending:
            i, j, amount = self.pending.pop()
            self.transfer(i, j, amount)
    def total(self):
        return sum(a.balance for a in self.accounts)
class Account:
    def __init__(self, number, balance):
        self.number, self.balance = number, balance
        self.history = []
class Savings(Account):
    rate = 3
    def __init__(self, *args):
        super().__init__(*args)
        self.interest = self.balance * self.rate
def bump():
    global total
    total += 1
    total = total + 1
def work():
    bank = Bank(3)
    bank.transfer(0, 1, 5)
    bank.pending.append((1, 2, 3))
    bank.drain()
    bank.total()
    bump()
    Savings(1, 2).interest
    n = Node()
    n.next = Node()
    n.next.v[1:] = [5]
    n.m['a']['b'][0] += n.c
    n.c += 1
    n.v[1:2]
    n.next.c, n.v[0] = 4, 5
    for n.c in n.v:
        n.next.v.append(n.c)
    x = [i.c for i in [n] if i.v and i.c in i.v]
    y = {k: v[0] for k, v in {1: n.v}.items()}
    n.next.v[0], n.next.v[-1] = n.next.v[-1], n.next.v[0]
    shown = f"{n.v[0]} {n.c:>{n.v[1]}}", (lambda: n.c)(), bank.accounts[-1].balance
    with open(__file__) as n.file, open(__file__):
        n.file.read
    n.file = None
    assert n.c == n.v[-1], n.missing
    try:
        n.missing
    except AttributeError:
        del n.m['a'], n.next
    if n.c < 0 or 4 not in n.v:
        n.c = 0
    return x, y, shown, n.c, total
"""

_LOADS = ("LOAD_ATTR", "LOAD_METHOD", "LOAD_SUPER_ATTR")
_ELEMENTS = {
    "BINARY_SUBSCR": "read []",
    "BINARY_SLICE": "read []",
    "STORE_SUBSCR": "write []",
    "STORE_SLICE": "write []",
    "DELETE_SUBSCR": "delete []",
    "CONTAINS_OP": "in",
}


def opcodes(run: Any) -> tuple[list[str], object]:
    """What plain code touches, as its opcodes say, and its result."""
    found: list[str] = []
    instructions: dict[CodeType, dict[int, dis.Instruction]] = {}

    def trace(frame: FrameType, event: str, argument: object) -> Any:
        code = frame.f_code
        if code.co_filename != "student.py":
            return None
        frame.f_trace_opcodes = True
        if event != "opcode":
            return trace
        if code not in instructions:
            instructions[code] = {each.offset: each for each in dis.get_instructions(code)}
        each = instructions[code][frame.f_lasti]
        if each.opname in _LOADS:
            found.append(f"read .{each.argval}")
        elif each.opname == "STORE_ATTR":
            found.append(f"write .{each.argval}")
        elif each.opname == "DELETE_ATTR":
            found.append(f"delete .{each.argval}")
        elif each.opname in _ELEMENTS:
            found.append(_ELEMENTS[each.opname])
        elif each.argval == "total" and each.opname in ("LOAD_GLOBAL", "STORE_GLOBAL"):
            found.append("read total" if each.opname == "LOAD_GLOBAL" else "write total")
        return trace

    before = sys.gettrace()
    sys._getframe().f_trace_opcodes = True  # 3.12 traces opcodes only if it is set beforehand
    sys.settrace(trace)
    try:
        result = run()
    finally:
        sys.settrace(before)
    return found, result


def noting(found: list[str]) -> dict[str, Any]:
    """Probes that note themselves."""

    def noted(name: str, spell: Any) -> Any:
        original = rewriter.PROBES[name]

        def probe(*arguments: Any) -> Any:
            found.append(spell(*arguments))
            return original(*arguments)

        return probe

    class Attribute(AttributeReference):
        __slots__ = ()

        @property
        def value(self) -> Any:
            found.append(f"read .{self._name}")
            return getattr(self._thing, self._name)

        @value.setter
        def value(self, value: Any) -> None:
            found.append(f"write .{self._name}")
            setattr(self._thing, self._name, value)

    class Item(ItemReference):
        __slots__ = ()

        @property
        def value(self) -> Any:
            found.append("read []")
            return self._container[self._key]

        @value.setter
        def value(self, value: Any) -> None:
            found.append("write []")
            self._container[self._key] = value

    return {
        **rewriter.PROBES,
        "AttributeReference": Attribute,
        "ItemReference": Item,
        "read_attribute": noted("read_attribute", lambda o, n: f"read .{n}"),
        "super_attribute": noted("super_attribute", lambda o, n: f"read .{n}"),
        "method": noted("method", lambda o, n: f"read .{n}"),
        "store_attribute": noted("store_attribute", lambda v, o, n: f"write .{n}"),
        "delete_attribute": noted("delete_attribute", lambda o, n: f"delete .{n}"),
        "get_item": noted("get_item", lambda b, i: "read []"),
        "set_item": noted("set_item", lambda v, b, i: "write []"),
        "delete_item": noted("delete_item", lambda b, i: "delete []"),
        "within": noted("within", lambda a, b: "in"),
        "read_global": noted("read_global", lambda g, n: f"read {n}"),
        "write_global": noted("write_global", lambda g, n, v: f"write {n}"),
    }


def test_probes_come_in_the_order_of_the_opcodes(monkeypatch: pytest.MonkeyPatch) -> None:
    plain: dict[str, Any] = {"__name__": "student", "__file__": __file__}
    exec(compile(PROGRAM, "student.py", "exec"), plain)
    expected, result = opcodes(plain["work"])

    found: list[str] = []
    monkeypatch.setattr(rewriter, "PROBES", noting(found))
    rewritten: dict[str, Any] = {"__name__": "student", "__file__": __file__}
    exec(rewriter.instrument(PROGRAM, "student.py").code, rewritten)
    found.clear()
    assert rewritten["work"]() == result
    assert found == expected
    assert len(expected) > 120
