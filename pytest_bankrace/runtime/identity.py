"""Which object is this, by a number that is the same in every execution?

A search compares the operations of different executions, so an object needs the same number in
all of them. Setup is the same every time: what it leaves behind is numbered by the way to it from
the scenario's state. What a thread makes later is numbered by the thread and a count of its own
(as in "the third object that thread 2 came upon"). That number is the same in every execution if
the thread that makes an object is always the first to touch it: certain for an instance that is
first touched in its own `__init__`, for a lock and for a thread. Of other objects, say a list that
one thread puts where another finds it, it is not; their operations say so (`Operation.only`).
"""

from __future__ import annotations

import sys
from collections import deque
from collections.abc import Callable, Hashable, Iterable, Iterator
from types import (
    CellType,
    FunctionType,
    GetSetDescriptorType,
    MappingProxyType,
    MemberDescriptorType,
    MethodType,
    ModuleType,
)
from typing import Any

from pytest_bankrace.runtime.operation import ANYBODY, Operation

LIMIT = 5_000
"""Objects of a state that are numbered; a larger one has the rest numbered as they are met."""
_FRAMES = 8
"""Frames between a first touch and the `__init__` that does it, at most."""

_LEAVES = (int, float, complex, str, bytes, type(None), range, ModuleType, GetSetDescriptorType)


class Known:
    """An object by its number, with the operations on it."""

    __slots__ = ("index", "only", "reads", "writes")

    def __init__(self, index: int, only: int) -> None:
        self.index = index
        self.only = only
        """The one thread that may touch it without its number becoming doubtful, or ANYBODY."""
        self.reads: dict[Hashable, Operation] = {}
        self.writes: dict[Hashable, Operation] = {}


class Identities:
    """The numbers of the objects of one exploration."""

    def __init__(self) -> None:
        self.by_id: dict[int, Known] = {}
        """The objects of the current execution."""
        self._alive: list[object] = []
        """Everything numbered is kept for the execution, so that no id is used again."""
        self._known: dict[Hashable, Known] = {}
        self._counts: dict[int, int] = {}
        self._plan: _Plan | None = None
        self._state: list[Known] = []
        self._here: list[Known] = []

    def clear(self) -> None:
        """The execution is over."""
        self.by_id.clear()
        self._alive.clear()
        self._counts.clear()

    def number_state(self, roots: tuple[object, ...]) -> None:
        """Number all that setup has left behind, each object by the way to it from `roots`."""
        if self._plan is None:
            self._plan = _Plan(roots)
            for place in range(len(self._plan)):
                self._known["state", place] = known = Known(len(self._known), ANYBODY)
                self._state.append(known)
        found = self._plan.follow(roots)
        self._alive.append(found)
        by_id = self.by_id
        for thing, known in zip(found, self._state, strict=False):
            by_id.setdefault(id(thing), known)

    def sight(self, thing: object, thread: int, *, made: bool = False) -> Known:
        """The number of a new object that `thread` touches; `made` if it has just made it."""
        count = self._counts[thread] = self._counts.get(thread, -1) + 1
        made = made or _in_its_init(thing)
        name = (thread, count, made)
        known = self._known.get(name)
        if known is None:
            known = Known(len(self._known), ANYBODY if made else thread)
            self._known[name] = known
        self.by_id[id(thing)] = known
        self._alive.append(thing)
        return known

    def sight_here(self, thing: object) -> Known:
        """The number of a new object in this execution, in order of first sight: no other's."""
        count = len(self.by_id)
        if count == len(self._here):
            self._known["here", count] = new = Known(len(self._known), ANYBODY)
            self._here.append(new)
        known = self.by_id[id(thing)] = self._here[count]
        self._alive.append(thing)
        return known

    def keep(self, thing: object) -> None:
        """Keep an object for the execution without numbering it."""
        self._alive.append(thing)


def _in_its_init(thing: object) -> bool:
    """Whether the calling thread is in this object's `__init__`, so that it has just made it."""
    frame = sys._getframe(2)
    for _ in range(_FRAMES):
        code = frame.f_code
        if code.co_name == "__init__" and code.co_argcount:
            return frame.f_locals.get(code.co_varnames[0]) is thing
        if frame.f_back is None:
            break
        frame = frame.f_back
    return False


class _Plan:
    """The ways from the roots to all objects, found once and followed in every execution."""

    def __init__(self, roots: tuple[object, ...]) -> None:
        self._steps: list[tuple[int, Callable[[Any], Any], tuple[Any, ...]]] = []
        """Of an object by its place: how to look into it, and the keys of the parts to take."""
        visited: set[int] = set()
        found: list[object] = []
        for root in roots:
            visited.add(id(root))
            found.append(root)
        for place, thing in enumerate(found):  # it grows
            for look in _ways_into(thing) if len(found) <= LIMIT else ():
                keep = []
                for key, part in _parts(look(thing)):
                    if id(part) not in visited and _worth_a_number(part):
                        visited.add(id(part))
                        keep.append(key)
                        found.append(part)
                if keep:
                    self._steps.append((place, look, tuple(keep)))
        self._length = len(found)

    def __len__(self) -> int:
        return self._length

    def follow(self, roots: Iterable[object]) -> list[object]:
        """The objects of another execution, in the same order; fewer where it differs."""
        found = list(roots)
        try:
            for place, look, keys in self._steps:
                parts = look(found[place])
                found.extend([parts[key] for key in keys])
        except (LookupError, AttributeError, TypeError):
            pass  # setup was not the same this time; what is numbered wrongly shows as departure
        return found


def _worth_a_number(thing: object) -> bool:
    if type(thing) is FunctionType:
        return bool(thing.__closure__ or thing.__dict__)
    kind = type(thing)
    ours = kind.__module__.startswith("pytest_bankrace.submission") and not _has_state(kind)
    return not ours and not isinstance(thing, _LEAVES)


def _has_state(kind: type) -> bool:
    """Whether a class of ours stands for one of the library's whose instances threads share."""
    return kind.__module__ in (
        "pytest_bankrace.model.random",
        "pytest_bankrace.submission.iteration",
    )


def _parts(view: Any) -> Iterable[tuple[Any, Any]]:
    """The keys and values of what a look into an object shows."""
    if isinstance(view, dict | MappingProxyType):
        own = view.get("__name__") if "__builtins__" in view else None
        for key, value in view.items():
            dunder = isinstance(key, str) and key.startswith("__")
            # What a module imports has no locations, or is numbered with its own module.
            foreign = own and not _is_data(value) and getattr(value, "__module__", own) != own
            foreign = foreign and not _has_state(type(value))
            if not dunder and not foreign:
                yield key, value
    else:
        yield from enumerate(view)


def _is_data(thing: object) -> bool:
    return isinstance(thing, dict | list | tuple | deque)


def _ways_into(thing: Any) -> Iterator[Callable[[Any], Any]]:
    """How to look into an object without running a student's code."""
    kind = type(thing)
    if isinstance(thing, dict):
        plain = kind is dict and all(type(key) is str for key in thing)
        yield _itself if plain else _values
    elif isinstance(thing, list | tuple | deque):
        yield _items
    elif kind is FunctionType:
        yield _cells
        yield _attributes
    elif kind is CellType:
        yield _content
    elif kind is MethodType:
        yield _receiver
    elif isinstance(thing, type):
        yield _namespace
    ours = kind.__module__.startswith("pytest_bankrace.") and not _has_state(kind)
    if kind.__flags__ & _HEAP_TYPE and not ours:
        yield _attributes
        if any(
            type(slot) is MemberDescriptorType for b in kind.__mro__ for slot in vars(b).values()
        ):
            yield _slots


_HEAP_TYPE = 1 << 9


def _itself(thing: dict[str, Any]) -> dict[str, Any]:
    return thing


def _values(thing: dict[Any, Any]) -> list[Any]:
    return [*dict.values(thing)]


def _items(thing: Any) -> list[Any]:
    kind = next(kind for kind in (list, tuple, deque) if isinstance(thing, kind))
    return [*kind.__iter__(thing)]


def _cells(thing: FunctionType) -> tuple[Any, ...]:
    return (*(thing.__closure__ or ()), *(thing.__defaults__ or ()))


def _content(thing: CellType) -> list[Any]:
    try:
        return [thing.cell_contents]
    except ValueError:
        return []


def _receiver(thing: MethodType) -> list[Any]:
    return [thing.__self__, thing.__func__]


def _namespace(thing: type) -> Any:
    return vars(thing)


def _attributes(thing: Any) -> dict[str, Any]:
    try:
        found: dict[str, Any] = object.__getattribute__(thing, "__dict__")
    except AttributeError:
        return {}
    return found if isinstance(found, dict) else {}


def _slots(thing: Any) -> list[Any]:
    found = []
    for base in type(thing).__mro__:
        for slot in vars(base).values():
            if type(slot) is MemberDescriptorType:
                try:
                    found.append(slot.__get__(thing))
                except AttributeError:
                    found.append(None)
    return found
