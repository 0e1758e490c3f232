"""Which places of a file touch shared state where no probe sees it?

A verdict is never PROVED for a file that has such a place. What is not recognised from the text is
stated in probes.py, under "Not observed".
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Final

from pytest_bankrace.submission.scopes import Scopes, descendants

_OBSERVED_MODULES: Final = """
    __future__ _thread abc argparse array bisect builtins collections concurrent contextlib copy
    dataclasses datetime decimal enum fractions functools heapq inspect itertools logging math
    numbers operator os pathlib queue random re secrets statistics string sys textwrap threading
    time traceback types typing typing_extensions unittest uuid warnings pytest pytest_bankrace
    """
"""Libraries that the probes or the model know, or that have no state which threads share."""

_UNSEEN: Final[dict[str, dict[str, str]]] = {
    "collections": dict.fromkeys(
        ("ChainMap", "UserDict", "UserList"), "has methods whose accesses are not seen"
    ),
    "copy": {"deepcopy": "reads objects without being seen"},
    "dataclasses": dict.fromkeys(
        ("asdict", "astuple", "replace"), "reads fields without being seen"
    ),
    "functools": dict.fromkeys(
        ("cache", "cached_property", "lru_cache"), "has a cache that threads share unseen"
    )
    | dict.fromkeys(
        ("singledispatch", "singledispatchmethod"), "has a registry that threads share unseen"
    ),
    "logging": dict.fromkeys(("disable", "setLoggerClass"), "changes logging, and is not seen"),
    "statistics": dict.fromkeys(
        ("correlation", "covariance", "kde", "kde_random", "linear_regression", "median_grouped"),
        "reads containers without being seen",
    ),
    "string": dict.fromkeys(("Formatter", "Template"), "reads containers without being seen"),
    "os": dict.fromkeys(("environ", "putenv", "fork"), "is shared, and not seen"),
    "inspect": dict.fromkeys(
        ("getmembers", "getattr_static", "getclosurevars"), "reads objects without being seen"
    ),
}
STATISTICS: Final = (
    "mean fmean median median_low median_high mode multimode stdev pstdev variance pvariance "
    "harmonic_mean geometric_mean quantiles"
)
"""The functions of `statistics` that go through what they are given one step at a time."""
_CONFIGURE: Final = ("setLevel", "addHandler", "removeHandler", "addFilter", "removeFilter")
"""Methods of a logger that change what other threads see."""
_UNSEEN_BUILTINS: Final = {
    "eval": "runs code that is not seen",
    "exec": "runs code that is not seen",
    "compile": "makes code that is not seen",
    "globals": "gives another way to the global names",
    "dir": "lists attributes without being seen",
    "vars": "gives another way to attributes",
    "memoryview": "gives another way to a container",
}
_UNSEEN_ATTRIBUTES: Final = {
    **dict.fromkeys(("__dict__", "__globals__", "f_globals"), "gives another way to the values"),
    **dict.fromkeys(("__get__", "__set__", "__delete__"), "gives another way to an attribute"),
    **dict.fromkeys(
        ("__closure__", "cell_contents", "f_locals"), "gives another way to a variable"
    ),
}

FIELD: Final = re.compile(r"\{\w*[.\[]")
"""A format field that reads an attribute or an item: `{0.balance}`."""


@dataclass(frozen=True, slots=True)
class Unobserved:
    """A line with an access to shared state that no probe sees, and what it is."""

    line: int
    what: str


def find_unobserved(nodes: list[ast.AST], scopes: Scopes, filename: str) -> list[Unobserved]:
    """The places of a file, in the order of their lines; its `nodes` begin with the whole."""
    finder = _Finder(assigned_attributes(nodes), Path(filename).parent)
    finder.visit(nodes[0])
    methods = {method.name for method in _methods(nodes)}
    for node in nodes:
        if isinstance(node, ast.Attribute) and not isinstance(node.ctx, ast.Load):
            if node.attr in methods:
                finder.note(node, f"the method `{node.attr}` is replaced, and calls of it not seen")
            elif node.attr in ("__class__", "__code__", "__defaults__"):
                finder.note(node, f"`{node.attr}` is assigned, which changes what others do unseen")
    for node, name in scopes.captured_in_comprehensions():
        what = f"the comprehension's variable `{name}` is used by a function inside it"
        finder.note(node, what)
    return sorted(set(finder.found), key=lambda place: (place.line, place.what))


def _methods(nodes: list[ast.AST]) -> Iterator[ast.FunctionDef | ast.ClassDef]:
    """Functions and classes in class bodies; not properties, which are there to be assigned."""
    for node in nodes:
        if isinstance(node, ast.ClassDef):
            for inner in node.body:
                if isinstance(inner, ast.FunctionDef | ast.ClassDef) and not any(
                    isinstance(decorator, ast.Attribute)
                    or (isinstance(decorator, ast.Name) and "property" in decorator.id)
                    for decorator in inner.decorator_list
                ):
                    yield inner


def stored_attributes(path: Path) -> frozenset[str]:
    """The names that a file assigns, or deletes, as attributes of something other than `self`.

    One of those things may be another module. Nothing for a file that can't be read or parsed.
    """
    try:
        return _stored_in(path.read_bytes(), str(path))
    except OSError:
        return frozenset()


@lru_cache(maxsize=256)
def _stored_in(source: bytes, filename: str) -> frozenset[str]:
    try:
        return assigned_attributes(descendants(ast.parse(source, filename)))
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return frozenset()


def assigned_attributes(nodes: Iterable[ast.AST]) -> frozenset[str]:
    """The names of `stored_attributes`, of a parsed file."""
    names = set()
    for node in nodes:
        if isinstance(node, ast.Attribute) and not isinstance(node.ctx, ast.Load):
            if not (isinstance(node.value, ast.Name) and node.value.id == "self"):
                names.add(node.attr)
        elif isinstance(node, ast.Call) and len(node.args) > 1:
            callee, name = node.func, node.args[1]
            setter = isinstance(callee, ast.Name) and callee.id in ("setattr", "delattr")
            if setter and isinstance(name, ast.Constant) and isinstance(name.value, str):
                names.add(name.value)
    return frozenset(names)


class _Finder(ast.NodeVisitor):
    def __init__(self, stored: frozenset[str], folder: Path) -> None:
        self.found: list[Unobserved] = []
        self._stored = stored
        self._folder = folder
        self._modules: dict[str, str] = {}
        """Names that stand for modules, with the modules' own names."""
        self._functions = 0

    def note(self, node: ast.AST, what: str) -> None:
        self.found.append(Unobserved(getattr(node, "lineno", 0), what))

    def _beside(self, module: str) -> bool:
        return (self._folder / f"{module}.py").is_file()

    # -- Imports

    def visit_Import(self, node: ast.Import) -> None:
        for alias in node.names:
            if alias.asname is not None and alias.asname.startswith("@"):
                continue  # of pytest's assertion rewriting
            top = alias.name.partition(".")[0]
            self._modules[alias.asname or top] = alias.name
            if top not in _OBSERVED_MODULES.split() and not self._beside(top):
                self.note(node, f"what `{alias.name}` does with shared objects is not seen")

    def visit_ImportFrom(self, node: ast.ImportFrom) -> None:
        module = node.module or ""
        top = module.partition(".")[0]
        if self._beside(top) and not node.level:
            if self._functions:
                self.note(node, f"`from {module} import` in a function reads names unseen")
            for alias in node.names:
                if alias.name in self._stored:
                    self.note(node, f"`{alias.name}` is assigned elsewhere after its import")
            return
        if top not in _OBSERVED_MODULES.split() or node.level:
            self.note(node, f"what `{module}` does with shared objects is not seen")
        for alias in node.names:
            unseen = _UNSEEN.get(module, {}).get(alias.name)
            if unseen:
                self.note(node, f"`{alias.name}` {unseen}")
            elif alias.name == "*" and module in _UNSEEN:
                self.note(node, f"`*` brings names of `{module}` whose accesses are not seen")

    # -- Expressions

    def visit_Name(self, node: ast.Name) -> None:
        if node.id in _UNSEEN_BUILTINS and isinstance(node.ctx, ast.Load):
            self.note(node, f"`{node.id}` {_UNSEEN_BUILTINS[node.id]}")

    def visit_Attribute(self, node: ast.Attribute) -> None:
        if node.attr in _UNSEEN_ATTRIBUTES:
            self.note(node, f"`{node.attr}` {_UNSEEN_ATTRIBUTES[node.attr]}")
        elif node.attr in _CONFIGURE and self._functions and "logging" in self._modules.values():
            self.note(node, f"`{node.attr}` changes logging, and is not seen")
        elif isinstance(node.value, ast.Name):
            module = self._modules.get(node.value.id, "")
            unseen = _UNSEEN.get(module, {}).get(node.attr)
            if unseen:
                self.note(node, f"`{node.attr}` {unseen}")
        self.generic_visit(node)

    def visit_Call(self, node: ast.Call) -> None:
        callee = node.func
        if isinstance(callee, ast.Name) and callee.id in ("setattr", "delattr") and node.args:
            thing = node.args[0]
            literal = len(node.args) > 1 and isinstance(node.args[1], ast.Constant)
            if isinstance(thing, ast.Name) and thing.id in self._modules and not literal:
                self.note(node, f"`{callee.id}` changes a module's names under computed names")
        if isinstance(callee, ast.Attribute):
            text = callee.value.value if isinstance(callee.value, ast.Constant) else None
            if callee.attr == "format" and isinstance(text, str) and FIELD.search(text):
                self.note(node, "`format` reads attributes or items without being seen")
            if callee.attr == "sort" and any(keyword.arg == "key" for keyword in node.keywords):
                self.note(node, "a list that is sorted by a key looks empty to others meanwhile")
        if isinstance(callee, ast.Name) and callee.id == "getattr" and len(node.args) > 1:
            name = node.args[1]
            if isinstance(name, ast.Constant) and name.value in _UNSEEN_ATTRIBUTES:
                self.note(node, f"`{name.value}` {_UNSEEN_ATTRIBUTES[str(name.value)]}")
        self.generic_visit(node)

    # -- Functions and patterns

    def visit_FunctionDef(self, node: ast.FunctionDef) -> None:
        if node.name == "__del__":
            self.note(node, "a `__del__` runs whenever an object is given up, tried at one time")
        self._functions += 1
        self.generic_visit(node)
        self._functions -= 1

    def visit_AsyncFunctionDef(self, node: ast.AsyncFunctionDef) -> None:
        self.note(node, "an `async def` is not seen into")

    def visit_GeneratorExp(self, node: ast.GeneratorExp) -> None:
        if any(generator.is_async for generator in node.generators):
            self.note(node, "an asynchronous comprehension is not seen into")
        self.generic_visit(node)

    def visit_Match(self, node: ast.Match) -> None:
        guarded = any(case.guard for case in node.cases[:-1])
        for case in node.cases:
            for pattern in descendants(case.pattern):
                if self._reads_unseen(pattern, top=pattern is case.pattern and not guarded):
                    self.note(pattern, "a `case` reads inside an object without being seen")
        self.generic_visit(node)

    def _reads_unseen(self, pattern: ast.AST, *, top: bool) -> bool:
        if isinstance(pattern, ast.MatchClass):
            whole = (
                not pattern.kwd_patterns
                and isinstance(pattern.cls, ast.Name)
                and pattern.cls.id in ("bool", "bytes", "float", "frozenset", "int", "str", "tuple")
            )
            return bool(pattern.patterns or pattern.kwd_patterns) and not whole
        if isinstance(pattern, ast.MatchSequence | ast.MatchMapping):
            return not top
        if isinstance(pattern, ast.MatchValue):
            return any(
                isinstance(node, ast.Attribute) and node.attr in self._stored
                for node in descendants(pattern.value)
            )
        return False
