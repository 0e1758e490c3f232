"""How are the nodes of rewritten code made, each with a place in the source?"""

from __future__ import annotations

import ast
from typing import Final, TypeVar

from pytest_bankrace.submission.scopes import OURS

PLACEHOLDER: Final = "a probe of pytest-bankrace"
"""Marks a constant that stands for a probe until the code is compiled."""

_Node = TypeVar("_Node", bound=ast.AST)


def placed(new: _Node, old: ast.AST) -> _Node:
    """Give `new`, and what in it has no place yet, the place of `old` in the source."""
    if "lineno" in new._attributes:
        if hasattr(new, "lineno") and not isinstance(new, ast.stmt):
            return new
        ast.copy_location(new, old)
    for child in ast.iter_child_nodes(new):
        if not hasattr(child, "lineno"):
            placed(child, old)
    return new


def placeholder(name: str) -> ast.Constant:
    """Stands for a probe until the code is compiled."""
    return ast.Constant((PLACEHOLDER, name))  # type: ignore[arg-type]


def probe(name: str, place: ast.AST, *arguments: ast.expr) -> ast.Call:
    """`name(*arguments)`, where `name` is a probe."""
    return placed(ast.Call(placeholder(name), list(arguments), []), place)


def spread(operation: str, name: str, place: ast.AST, *arguments: ast.expr) -> ast.Call:
    """`operation(*name(*arguments))`: the probe runs once all of the arguments are there."""
    operands = ast.Starred(probe(name, place, *arguments), ast.Load())
    return probe(operation, place, placed(operands, place))


def is_ours(node: ast.AST) -> bool:
    """Whether a name was made by us or by pytest's assertion rewriting."""
    return isinstance(node, ast.Name) and node.id.startswith(OURS)
