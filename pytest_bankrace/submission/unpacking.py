"""What does taking something apart read, as in `for name, (low, high) in limits`?

Each iterable that the target has a pattern for is read at once, right before the bytecode does. A
`Shape` says which elements are taken apart as well, and how: `(1, ())` stands for `(low, high)`.
"""

from __future__ import annotations

import ast
from typing import Any

from pytest_bankrace.runtime import current
from pytest_bankrace.runtime.current import Runtime
from pytest_bankrace.runtime.operation import STRUCTURE
from pytest_bankrace.submission.containers import Observing, kind_of, owner_of
from pytest_bankrace.submission.iteration import announce_stepped

Shape = tuple[tuple[int, Any], ...]


def shape_of(target: ast.expr) -> Shape | None:
    """The shape of a target; None for one that takes nothing apart."""
    if not isinstance(target, ast.Tuple | ast.List):
        return None
    shape: list[tuple[int, Any]] = []
    index = 0
    for element in target.elts:
        if isinstance(element, ast.Starred):
            index -= len(target.elts)  # what follows is counted from the end
        inner = shape_of(element)
        if inner is not None:
            shape.append((index, inner))
        index += 1
    return tuple(shape)


def unpacked(thing: Any, shape: Shape = ()) -> Any:
    """Where something is taken apart: `*thing`, `a, b = thing`; returns it."""
    rt = current.active
    if rt is not None:
        announce_stepped(rt, thing)
        announce_apart(rt, thing, shape)
    return thing


def announce_apart(rt: Runtime, thing: Any, shape: Shape) -> None:
    """Something is about to be taken apart; over again, where another thread ran in between."""
    while True:
        owners = _owners(thing, shape)
        handed_over = False
        for owner in owners:
            handed_over |= rt.read(owner, STRUCTURE)
        if not handed_over or not shape:
            return


def _owners(thing: Any, shape: Shape) -> list[object]:
    kind = kind_of(type(thing))
    owners = [] if kind is None or kind.stateful else [owner_of(thing, kind)]
    if isinstance(thing, list | tuple):
        native: Any = list if isinstance(thing, list) else tuple
        for index, inner in shape:
            if -len(thing) <= index < len(thing):
                owners += _owners(native.__getitem__(thing, index), inner)
    return owners


class Apart(Observing):
    """An iterator whose elements are taken apart."""

    __slots__ = ("_next", "_shape")

    def __init__(self, iterable: Any, shape: Shape) -> None:
        self._next = iter(iterable).__next__
        self._shape = shape

    def __iter__(self) -> Apart:
        return self

    def __next__(self) -> Any:
        __tracebackhide__ = True
        element = self._next()
        rt = current.active
        if rt is not None:
            announce_stepped(rt, element)
            announce_apart(rt, element, self._shape)
        return element


def steps_apart(iterable: Any, shape: Shape) -> Any:
    """What a `for` with a pattern for a target iterates over, in place of `iterable`."""
    return iterable if current.active is None else Apart(iterable, shape)
