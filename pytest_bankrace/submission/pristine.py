"""May a module that served one execution serve the next as well?

Each execution is to find the module as its code leaves it. To run that code again takes longer
than a short execution: new classes, and bytecode that has to be specialized to them anew. So a
module is kept where its code makes nothing but functions, classes and constants, and where nothing
of that has changed since: no global and no attribute of a class or function.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Mapping
from operator import is_
from types import FunctionType, GetSetDescriptorType, MemberDescriptorType
from typing import Any


def is_plain(tree: ast.Module, nodes: Iterable[ast.AST]) -> bool:
    """Whether running a module's code does nothing but make functions, classes and constants.

    And it nowhere reaches for what no `Pristine` compares, such as a function's `__defaults__`.
    """
    return all(map(_is_plain_statement, tree.body)) and not any(
        isinstance(node, ast.Attribute) and _is_hidden(node) for node in nodes
    )


def _is_hidden(node: ast.Attribute) -> bool:
    if isinstance(node.ctx, ast.Load):
        return node.attr in ("__annotations__", "__kwdefaults__")
    return node.attr.startswith("__") and node.attr.endswith("__")


def _is_plain_statement(node: ast.stmt, *, in_class: bool = False) -> bool:
    match node:
        case ast.Import() | ast.ImportFrom():
            return not in_class
        case ast.Pass() | ast.Expr(ast.Constant()):
            return True
        case ast.Assign(targets, value):
            return _is_constant(value) and all(isinstance(name, ast.Name) for name in targets)
        case ast.FunctionDef(name="__init_subclass__"):
            return False  # it runs
        case ast.FunctionDef(decorator_list=decorators, args=arguments, returns=returns):
            defaults = [*arguments.defaults, *filter(None, arguments.kw_defaults)]
            every = [*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs]
            every += filter(None, (arguments.vararg, arguments.kwarg))
            return (
                all(in_class and _is_property(decorator) for decorator in decorators)
                and all(map(_is_constant, defaults))
                and all(_is_hint(hint) for hint in [returns, *(one.annotation for one in every)])
            )
        case ast.ClassDef(decorator_list=[], keywords=[], bases=bases, body=body):
            return all(isinstance(base, ast.Name | ast.Attribute) for base in bases) and all(
                _is_plain_statement(part, in_class=True) for part in body
            )
    return False


def _is_constant(node: ast.expr) -> bool:
    match node:
        case ast.Constant():
            return True
        case ast.UnaryOp(operand=inner):
            return _is_constant(inner)
        case ast.Tuple(parts):
            return all(map(_is_constant, parts))
    return False


def _is_property(decorator: ast.expr) -> bool:
    return (isinstance(decorator, ast.Name) and decorator.id == "property") or (
        isinstance(decorator, ast.Attribute) and decorator.attr in ("setter", "deleter")
    )


def _is_hint(node: ast.expr | None) -> bool:
    """Whether an annotation is but names, and says what holds of any execution."""
    return node is None or not any(
        isinstance(part, ast.Call | ast.NamedExpr | ast.Lambda) for part in ast.walk(node)
    )


_UNCHANGING = (int, float, complex, str, bytes, tuple, type(None), type(Ellipsis))
_IN_CLASSES = (*_UNCHANGING, FunctionType, property, MemberDescriptorType, GetSetDescriptorType)


class Pristine:
    """What a plain module's code has left behind, to tell whether it is still as it was."""

    def __init__(self, namespace: dict[str, Any]) -> None:
        self._holders: list[tuple[Mapping[str, Any], list[str], list[Any]]] = []
        """Namespaces, with the names and the values in them."""
        self._functions: list[FunctionType] = []
        self._classes: list[type] = []
        self._comparable = True
        self._take(namespace, namespace)

    def _take(self, holder: Mapping[str, Any], module: dict[str, Any]) -> None:
        values = [*holder.values()]
        self._holders.append((holder, [*holder], values))
        for value in values:
            accessors = (
                (value.fget, value.fset, value.fdel) if isinstance(value, property) else (value,)
            )
            self._functions += [
                part
                for part in accessors
                if isinstance(part, FunctionType) and part.__globals__ is module
            ]
            own = isinstance(value, type) and value.__module__ == module["__name__"]
            if own and not any(value is known for known in self._classes):
                self._classes.append(value)
                self._take(vars(value), module)
                # A metaclass, or a base class, may have put anything there.
                self._comparable &= type(value) is type and all(
                    isinstance(part, type) or type(part) in _IN_CLASSES
                    for part in vars(value).values()
                )

    def holds(self) -> bool:
        """Whether nothing has changed."""
        if not self._comparable:
            return False
        for holder, names, values in self._holders:
            same = len(holder) == len(names) and all(map(is_, holder.values(), values))
            if not same or [*holder] != names:
                return False
        return not any(map(vars, self._functions))
