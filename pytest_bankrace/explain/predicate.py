"""What does a predicate compare, and what are its two sides?

The predicate's source is found again and read with `ast`; its expressions are evaluated in its
own globals, closure and arguments. A predicate that is more than comparisons, assignments,
`assert`, `if` and `for` gives no comparison; asking never raises.
"""

from __future__ import annotations

import ast
import inspect
import linecache
import operator
import types
from collections.abc import Callable, Iterator
from functools import lru_cache
from typing import Any

from pytest_bankrace.runtime.recorder import show
from pytest_bankrace.verdict import Comparison

_OPERATORS: dict[type[ast.cmpop], tuple[str, Callable[[Any, Any], Any]]] = {
    ast.Eq: ("==", operator.eq),
    ast.NotEq: ("!=", operator.ne),
    ast.Lt: ("<", operator.lt),
    ast.LtE: ("<=", operator.le),
    ast.Gt: (">", operator.gt),
    ast.GtE: (">=", operator.ge),
    ast.Is: ("is", operator.is_),
    ast.IsNot: ("is not", operator.is_not),
    ast.In: ("in", lambda left, right: left in right),
    ast.NotIn: ("not in", lambda left, right: left not in right),
}
_TURNS = 1_000
"""Turns of a predicate's loops that are followed."""

Definition = ast.Lambda | ast.FunctionDef


def compare(function: Any, args: tuple[Any, ...]) -> Comparison | None:
    """The first comparison of a predicate that is false for these arguments, with its values.

    None where there is none, or where it can't be known. Each expression of the predicate is
    evaluated once at most, in the order in which the predicate does so.
    """
    try:
        plain, bound = _unbound(function)
        if plain is not function and _reads_globals(plain) and hasattr(function, "__wrapped__"):
            return None  # the wrapper may call another one than the one it is named after
        definition = _definition(plain)
        if definition is None:
            return None
        reading = _Reading(plain, (*bound, *args))
        if isinstance(definition, ast.Lambda):
            reading.judge(definition.body)
        else:
            reading.follow(definition.body)
    except _False as found:
        return found.comparison
    except Exception:  # a student's code is evaluated: anything may come out of it
        return None
    return None


def source_of(function: Any) -> str:
    """A predicate's own text: `alice.balance >= 0`; empty where it can't be found.

    For a function that is more than one `return` or `assert`, its name and parameters.
    """
    try:
        plain, _ = _unbound(function)
        definition = _definition(plain)
        if definition is None:
            return ""
        if isinstance(definition, ast.Lambda):
            return _text(definition.body, plain)
        body = [part for part in definition.body if not _is_docstring(part)]
        if len(body) == 1:
            only = body[0]
            if isinstance(only, ast.Return) and only.value is not None:
                return _text(only.value, plain)
            if isinstance(only, ast.Assert):
                return _text(only.test, plain)
        parameters = [a.arg for a in definition.args.posonlyargs + definition.args.args]
        return f"{definition.name}({', '.join(parameters)})"
    except Exception:  # no source, no text
        return ""


# -- Finding the source


def _unbound(function: Any) -> tuple[types.FunctionType, tuple[Any, ...]]:
    """A plain function, and the arguments that are bound to it already."""
    if isinstance(function, types.MethodType):
        inner, bound = _unbound(function.__func__)
        return inner, (*bound, function.__self__)
    function = inspect.unwrap(function)
    if not isinstance(function, types.FunctionType):
        raise TypeError(function)
    return function, ()


def _reads_globals(function: types.FunctionType) -> bool:
    return any(name in function.__globals__ for name in function.__code__.co_names)


def _definition(function: types.FunctionType) -> Definition | None:
    """The node that a function was made from."""
    code = function.__code__
    lines = linecache.getlines(code.co_filename, function.__globals__)
    if not lines:
        return None
    wanted: type[Definition] = ast.Lambda if code.co_name == "<lambda>" else ast.FunctionDef
    names = code.co_varnames[: code.co_argcount + code.co_kwonlyargcount]
    found = [
        node
        for node in _around(_parsed("".join(lines)), code.co_firstlineno)
        if isinstance(node, wanted)
        and _first_line(node) == code.co_firstlineno
        and tuple(a.arg for a in _parameters(node.args)) == names
        and getattr(node, "name", code.co_name) == code.co_name
    ]
    if len(found) > 1:
        found = _by_position(found, code)
    return found[0] if len(found) == 1 else None


@lru_cache(maxsize=8)
def _parsed(source: str) -> ast.Module:
    return ast.parse(source)


def _around(node: ast.AST, line: int) -> Iterator[ast.AST]:
    """All below a node that has a part on the line."""
    for child in ast.iter_child_nodes(node):
        if _first_line(child, line) <= line <= getattr(child, "end_lineno", line):
            yield child
            yield from _around(child, line)


def _first_line(node: ast.AST, unknown: int = 0) -> int:
    decorators = getattr(node, "decorator_list", ())
    first: int = getattr(decorators[0] if decorators else node, "lineno", unknown)
    return first


def _parameters(arguments: ast.arguments) -> list[ast.arg]:
    return [*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs]


Span = tuple[int, int, int, int]


def _by_position(found: list[Definition], code: types.CodeType) -> list[Definition]:
    """Those of several lambdas on one line in whose body all of the code stands.

    One that stands in another's body is the innermost that holds the code.
    """
    spans = list(_spans(code))
    if not spans:
        return [node for node in found if _global_names(node) >= set(code.co_names)][:1]
    start = min((line, column) for line, _, column, _ in spans)
    end = max((line, column) for _, line, _, column in spans)
    holding = []
    for node in found:
        body = node.body if isinstance(node, ast.Lambda) else node
        assert isinstance(body, ast.expr | ast.stmt)
        last = (body.end_lineno or body.lineno, body.end_col_offset or 0)
        if (body.lineno, body.col_offset) <= start and end <= last:
            holding.append((body.lineno, body.col_offset, node))
    holding.sort(key=lambda held: held[:2])
    return [holding[-1][2]] if holding else []


def _spans(code: types.CodeType) -> Iterator[Span]:
    """Where the instructions stand in the source, but for those that stand for no expression."""
    for line, end_line, column, end_column in code.co_positions():
        if line is None or end_line is None or column is None or end_column is None:
            continue
        if column != end_column:
            yield line, end_line, column, end_column


def _global_names(node: ast.AST) -> set[str]:
    names = {part.id for part in ast.walk(node) if isinstance(part, ast.Name)}
    return names | {part.attr for part in ast.walk(node) if isinstance(part, ast.Attribute)}


def _text(node: ast.expr, function: types.FunctionType) -> str:
    """An expression as it was written, on one line."""
    lines = linecache.getlines(function.__code__.co_filename, function.__globals__)
    written = _between(
        lines[node.lineno - 1 : node.end_lineno], node.col_offset, node.end_col_offset
    )
    if "#" in written:
        return ast.unparse(node)
    return " ".join(written.split())


def _between(lines: list[str], start: int, end: int | None) -> str:
    """From byte `start` of the first line to byte `end` of the last."""
    encoded = [line.encode() for line in lines]
    encoded[-1] = encoded[-1][:end]
    encoded[0] = encoded[0][start:]
    return b"".join(encoded).decode()


def _is_docstring(part: ast.stmt) -> bool:
    return isinstance(part, ast.Expr) and isinstance(part.value, ast.Constant)


# -- Evaluating it


class _False(Exception):
    """The first condition that is false; its comparison, where it is one."""

    def __init__(self, comparison: Comparison | None) -> None:
        self.comparison = comparison


class _Returned(Exception):
    """The predicate has returned, and nothing was false."""


class _Reading:
    """Follows a predicate, statement by statement, to the first condition that is false."""

    def __init__(self, function: types.FunctionType, args: tuple[Any, ...]) -> None:
        bound = inspect.signature(function).bind(*args)
        bound.apply_defaults()
        self._function = function
        self._names: dict[str, Any] = dict(bound.arguments)
        cells = function.__closure__ or ()
        for name, cell in zip(function.__code__.co_freevars, cells, strict=False):
            self._names.setdefault(name, cell.cell_contents)
        self._turns = 0

    def judge(self, condition: ast.expr) -> None:
        """Raise _False when the condition is false."""
        if isinstance(condition, ast.BoolOp) and isinstance(condition.op, ast.And):
            for part in condition.values:
                self.judge(part)
        elif isinstance(condition, ast.Compare):
            self._compare(condition)
        elif not self._value(condition):
            raise _False(None)

    def _compare(self, node: ast.Compare) -> None:
        left, left_value = node.left, self._value(node.left)
        for symbol, right in zip(node.ops, node.comparators, strict=True):
            right_value = self._value(right)
            word, holds = _OPERATORS[type(symbol)]
            if not holds(left_value, right_value):
                whole = len(node.ops) == 1
                alone = node if whole else ast.Compare(left, [symbol], [right])
                text = _text(node, self._function) if whole else ast.unparse(alone)
                raise _False(Comparison(text, show(left_value), word, show(right_value)))
            left, left_value = right, right_value

    def follow(self, body: list[ast.stmt]) -> None:
        """Run the statements of a function that is simple enough."""
        for part in body:
            match part:
                case ast.Expr(ast.Constant()) | ast.Pass():
                    continue
                case ast.Assert(test):
                    self.judge(test)
                case ast.Return(value):
                    if value is not None:
                        self.judge(value)
                    raise _Returned
                case ast.Assign([target], value):
                    self._bind(target, self._value(value))
                case ast.AnnAssign(ast.Name() as target, _, ast.expr() as value):
                    self._bind(target, self._value(value))
                case ast.AugAssign(ast.Name(name), op, value):
                    old = ast.Name(name, ast.Load())
                    self._names[name] = self._value(ast.BinOp(old, op, value))
                case ast.If(test, then, otherwise):
                    self.follow(then if self._value(test) else otherwise)
                case ast.For(target, values, inner, []):
                    for value in self._value(values):
                        self._turns += 1
                        if self._turns > _TURNS:
                            raise _Returned
                        self._bind(target, value)
                        self.follow(inner)
                case _:
                    raise _Returned  # more than is followed here

    def _bind(self, target: ast.expr, value: Any) -> None:
        if isinstance(target, ast.Name):
            self._names[target.id] = value
        elif isinstance(target, ast.Tuple):
            for part, item in zip(target.elts, value, strict=True):
                self._bind(part, item)
        else:
            raise _Returned

    def _value(self, node: ast.expr) -> Any:
        """An expression's value. It is made a function, so that a comprehension in it sees the
        predicate's names as well, which under `eval` with a dictionary of locals it would not."""
        names = list(self._names)
        parameters = ast.arguments([], [ast.arg(name) for name in names], None, [], [], None, [])
        made = ast.Expression(ast.Lambda(parameters, node))
        ast.fix_missing_locations(made)
        code = compile(made, self._function.__code__.co_filename, "eval")
        return eval(code, self._function.__globals__)(*self._names.values())
