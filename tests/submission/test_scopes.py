"""Which names are taken to be shared?"""

from __future__ import annotations

import ast
import symtable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pytest_bankrace.submission.scopes import Scopes, mangle


def shared(source: str, *extra: str) -> set[str]:
    scopes = Scopes(ast.parse(source), extra)
    found: set[str] = set()
    for node in ast.walk(scopes.module.node):
        if isinstance(
            node, ast.Module | ast.FunctionDef | ast.Lambda | ast.ClassDef | ast.ListComp
        ):
            found |= scopes[node].shared
    return found


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("total = 0\ndef f():\n    global total\n    total += 1", {"total"}),
        ("total = 0\ndef f(): return total", set()),
        ("done = False\ndef f(): return done\ndone = True", {"done"}),
        ("for i in range(3): pass\ndef f(): return i", {"i"}),
        ("with open('x') as f: pass\nwith open('y') as f: pass", set()),
        ("def f(a):\n    def g(): return a\n    a = 2", {"a"}),
        ("def f(a):\n    def g(): return a", set()),
        ("def f():\n    n = 0\n    def g():\n        nonlocal n\n        n += 1", {"n"}),
        ("def f():\n    for i in range(3):\n        g(lambda: i)", {"i"}),
        ("def f():\n    for i in range(3):\n        g(lambda i=i: i)", set()),
        ("def f():\n    x = 1\n    def g(): return x", set()),
        ("def f():\n    def g(): return x\n    x = 1", {"x"}),
        ("def f():\n    def g(): return g", set()),
        ("def f():\n    [y := z for z in q]\n    return lambda: y", {"y"}),
        ("def f():\n    try: pass\n    except E as e: return lambda: e", {"e"}),
        (
            "def f(s):\n    match s:\n        case [x]: pass\n        case x: return lambda: x",
            {"x"},
        ),
        ("def f():\n    x = 1\n    class C:\n        y = x\n    x = 2", set()),
        ("def f():\n    x = 1\n    x = 2\n    class C:\n        def m(self): return x", {"x"}),
        ("class C:\n    x = 1\n    x = 2\n    def m(self): return x", set()),
        ("class C:\n    def m(self):\n        global __x\n        __x = 1", {"_C__x"}),
        ("if a:\n    def f(): pass\nelse:\n    def f(): pass\ndef g(): f()", {"f"}),
        ("try:\n    import x\nexcept E:\n    x = None\ndef f(): return x", {"x"}),
        ("def f():\n    x = 1\n    del x\n    return lambda: x", {"x"}),
        ("def f():\n    global a, b\n    a, *b = 1, 2", {"a", "b"}),
        ("def f():\n    x: int = 1\n    x: int = 2\n    return lambda: x", {"x"}),
    ],
)
def test_a_name_that_threads_may_share_and_rebind(source: str, expected: set[str]) -> None:
    assert shared(source) == expected


def test_another_files_assignments_count() -> None:
    assert shared("total = 0\ndef f(): return total", "total") == {"total"}


def test_a_comprehensions_variable_in_a_function_is_reported() -> None:
    tree = ast.parse("[start(lambda: i) for i in range(3)]\n[lambda i=i: i for i in range(3)]")
    ((node, name),) = Scopes(tree).captured_in_comprehensions()
    assert (node.lineno, name) == (1, "i")  # type: ignore[attr-defined]


NAMES = st.sampled_from(["x", "__x", "_y", "__z__"])


@given(name=NAMES, cls=st.sampled_from(["C", "_C", "__", "_"]))
def test_mangling_is_the_compilers(name: str, cls: str) -> None:
    source = f"class {cls}:\n    def f(self): {name} = 1"
    table = symtable.symtable(source, "s", "exec").get_children()[0].get_children()[0]
    assert mangle(name, cls) in table.get_identifiers()


@st.composite
def functions(draw: st.DrawFn) -> str:
    """Nested functions that bind and use a few names at random."""

    def body(depth: int, indent: str) -> list[str]:
        lines = []
        for _ in range(draw(st.integers(1, 3))):
            name = draw(st.sampled_from("abc"))
            kind = draw(st.sampled_from(["bind", "use", "def"] if depth < 3 else ["bind", "use"]))
            if kind == "bind":
                lines.append(f"{indent}{name} = 1")
            elif kind == "use":
                lines.append(f"{indent}print({name})")
            else:
                lines.append(f"{indent}def f{depth}({name}):")
                lines += body(depth + 1, indent + "    ")
        return lines

    return "\n".join(body(0, ""))


@given(functions())
def test_names_are_resolved_as_the_compiler_does(source: str) -> None:
    tree = ast.parse(source)
    scopes = Scopes(tree)

    def compare(node: ast.AST, table: symtable.SymbolTable) -> None:
        tables = [child for child in table.get_children() if child.get_type() == "function"]
        inner = [each for each in node.body if isinstance(each, ast.FunctionDef)]  # type: ignore[attr-defined]
        for child, child_table in zip(inner, tables, strict=True):
            scope = scopes[child]
            for symbol in child_table.get_symbols():
                owner = scope.resolve(symbol.get_name())
                if symbol.is_free():
                    assert owner.kind == "function"
                    assert owner is not scope
                elif symbol.is_local():
                    assert owner is scope
                else:
                    assert owner is scopes.module
            compare(child, child_table)

    compare(tree, symtable.symtable(source, "s", "exec"))
