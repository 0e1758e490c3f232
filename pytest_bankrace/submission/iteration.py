"""How does a loop announce each of its steps?"""

from __future__ import annotations

import operator
from collections.abc import Iterator
from types import GeneratorType
from typing import Any, Final

from pytest_bankrace.runtime import current
from pytest_bankrace.runtime.current import Runtime
from pytest_bankrace.runtime.operation import STRUCTURE
from pytest_bankrace.submission.containers import Observing, kind_of, owner_of

_EXHAUSTED: Final = iter(())


class Steps(Observing):
    """An iterator that announces each step."""

    __slots__ = ("_next", "_owner", "_rest", "_writes")

    def __init__(self, rest: Iterator[Any], owner: object, *, writes: bool = False) -> None:
        self._rest = rest
        self._next = rest.__next__
        self._owner = owner
        self._writes = writes

    def __iter__(self) -> Steps:
        return self

    def __next__(self) -> Any:
        __tracebackhide__ = True
        rt = current.active
        if rt is not None:
            if self._writes:
                rt.write(self._owner, STRUCTURE)
            else:
                rt.read(self._owner, STRUCTURE)
        try:
            return self._next()
        except StopIteration:
            if not self._writes:
                self._owner = self._rest = _EXHAUSTED  # as the native iterator lets go of it
            raise

    def __length_hint__(self) -> int:
        return operator.length_hint(self._rest)

    def __reduce__(self) -> Any:
        return self._rest.__reduce__()


class Nested(Observing):
    """An iterator that announces each step, and each step of what it comes upon."""

    __slots__ = ("_rest",)

    def __init__(self, iterable: Any) -> None:
        self._rest = iter(named_steps(iterable))

    def __iter__(self) -> Nested:
        return self

    def __next__(self) -> Any:
        __tracebackhide__ = True
        element = next(self._rest)
        rt = current.active
        if rt is not None:
            announce_stepped(rt, element)
        return steps(element)

    def __reduce__(self) -> Any:
        return self._rest.__reduce__()


class Absorbing(Observing):
    """An iterator whose every element goes into a container."""

    __slots__ = ("_next", "_target")

    def __init__(self, rest: Iterator[Any], target: object) -> None:
        self._next = rest.__next__
        self._target = target

    def __iter__(self) -> Absorbing:
        return self

    def __next__(self) -> Any:
        __tracebackhide__ = True
        element = self._next()
        rt = current.active
        if rt is not None:
            rt.write(self._target, STRUCTURE)
        return element


def announce_stepped(rt: Runtime, *things: Any) -> None:
    """Iterators among the things are about to be stepped, by C code or once."""
    for thing in things:
        kind = kind_of(type(thing))
        if kind is not None and kind.stateful:
            rt.write(thing, STRUCTURE)
        elif type(thing) is GeneratorType:
            rt.stepped(thing)


def steps(iterable: Any) -> Any:
    """What a `for` iterates over in place of `iterable`."""
    if current.active is None:
        return iterable
    kind = kind_of(type(iterable))
    if kind is None or kind.stateful or not kind.iterates:
        return iterable
    return Steps(iter(iterable), owner_of(iterable, kind))


def named_steps(iterable: Any) -> Any:
    """The same for what has a name, so that threads may share even an iterator."""
    if current.active is not None:
        kind = kind_of(type(iterable))
        if kind is not None and kind.stateful:
            return Steps(iterable, iterable, writes=True)
        if type(iterable) is GeneratorType:
            current.active.stepped(iterable)
    return steps(iterable)


def turn() -> None:
    """At a `while` loop's back edge."""
    rt = current.active
    if rt is not None:
        rt.turn()


def tick() -> bool:
    """At a loop's back edge. True, so that it may stand in a comprehension's condition."""
    rt = current.active
    if rt is not None:
        rt.tick()
    return True
