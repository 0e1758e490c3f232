"""What does a student call this object, this attribute, this lock?

The objects that a scenario's state reaches are named by the path to them: `alice.balance`,
`bank.accounts['bob'].lock`. Nothing here runs a student's code.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Hashable, Iterable, Iterator, Mapping
from types import CellType, FunctionType, MemberDescriptorType, ModuleType
from typing import Any

from pytest_bankrace.runtime.operation import STRUCTURE

_PLAIN = (int, float, complex, str, bytes, bool, type(None), type, FunctionType, ModuleType)
_NOTHING = object()
_LIMIT = 2_000
"""Objects looked at: a state that is larger than that has the rest unnamed."""


def parts(thing: object) -> Iterator[tuple[str, object]]:
    """What an object holds, each with what is written behind the object to reach it."""
    if isinstance(thing, dict):
        for key, value in dict.items(thing):
            yield f"[{key!r}]" if isinstance(key, str | int | tuple) else "[…]", value
    elif isinstance(thing, list | tuple | deque):
        native = next(kind for kind in (list, tuple, deque) if isinstance(thing, kind))
        for index, value in enumerate(native.__iter__(thing)):  # type: ignore[arg-type]
            yield f"[{index}]", value
    elif isinstance(thing, set | frozenset):
        for value in (set if isinstance(thing, set) else frozenset).__iter__(thing):  # type: ignore[arg-type]
            yield "{…}", value
    for name, value in attributes(thing):
        yield f".{name}", value


def attributes(thing: object) -> Iterator[tuple[str, object]]:
    """An object's own data, in its `__dict__` and its slots."""
    try:
        own = object.__getattribute__(thing, "__dict__")
    except AttributeError:
        own = {}
    if isinstance(own, dict):
        yield from [(name, value) for name, value in own.items() if isinstance(name, str)]
    for base in type(thing).__mro__:
        for name, slot in vars(base).items():
            if isinstance(slot, MemberDescriptorType) and not name.startswith("__"):
                try:
                    yield name, slot.__get__(thing)
                except AttributeError:
                    continue


def peek(owner: object, key: Hashable) -> object:
    """What is at a location now. Raises LookupError where there is nothing."""
    if key is STRUCTURE:
        return owner
    if isinstance(owner, CellType):
        try:
            return owner.cell_contents
        except ValueError:
            raise LookupError(key) from None
    if isinstance(owner, dict):
        return dict.__getitem__(owner, key)
    if isinstance(owner, list) and isinstance(key, int):
        return list.__getitem__(owner, key)
    if isinstance(owner, deque) and isinstance(key, int):
        return deque.__getitem__(owner, key)
    if isinstance(owner, type):
        for base in owner.__mro__:
            found: object = vars(base).get(str(key), _NOTHING)
            if found is not _NOTHING:
                return found
    for name, value in attributes(owner):
        if name == key:
            return value
    raise LookupError(key)


def model_class(thing: object) -> str:
    """The name of the class in the model that something is an instance of; empty for none."""
    for base in type(thing).__mro__:
        if base.__module__.startswith("pytest_bankrace."):
            return base.__name__
    return ""


class Names:
    """The names of what can be reached from a scenario's state and a submission's modules."""

    def __init__(
        self,
        parameters: Iterable[str],
        state: tuple[Any, ...],
        modules: list[dict[str, Any]],
        before: Names | None = None,
    ) -> None:
        self._names: dict[int, str] = dict(before._names) if before else {}
        self._kept: list[object] = list(before._kept) if before else []
        queue: deque[tuple[str, object]] = deque(zip(parameters, state, strict=False))
        for module in modules:
            self._add("", module)
            for name, value in module.items():
                if not name.startswith("__"):
                    queue.append((name, value))
        self._walk(queue)

    def _walk(self, queue: deque[tuple[str, object]]) -> None:
        visited: set[int] = set()
        while queue and len(visited) < _LIMIT:
            name, thing = queue.popleft()
            if id(thing) in visited or isinstance(thing, _PLAIN):
                # A class of the submission holds data as well: `Account.interest`.
                if isinstance(thing, type) and id(thing) not in self._names:
                    self._add(name, thing)
                continue
            visited.add(id(thing))
            self._add(name, thing)
            if model_class(thing):  # its parts have no other name
                queue.extend((name, value) for _, value in attributes(thing) if model_class(value))
            else:
                queue.extend((name + part, value) for part, value in parts(thing))

    def _add(self, name: str, thing: object) -> None:
        if id(thing) not in self._names:
            self._names[id(thing)] = name
            self._kept.append(thing)

    def __contains__(self, thing: object) -> bool:
        return id(thing) in self._names or isinstance(thing, CellType)

    def place(self, owner: object, key: Hashable) -> str:
        """`alice.balance`; where the object has no name, its class's: `an Account's balance`."""
        if isinstance(owner, CellType):
            return str(key)
        name = self._names.get(id(owner))
        whole = key is STRUCTURE
        if isinstance(owner, dict) and "__builtins__" in owner and not whole:
            return str(key)  # a module's global
        if name is None:
            kind = type(owner).__name__
            name = f"{'an' if kind[0] in 'AEIOUaeiou' else 'a'} {kind}"
            if not whole:
                return f"{name}'s {key}"
        if whole or model_class(owner):
            return name
        return part_of(name, owner, key)


def part_of(name: str, owner: object, key: Hashable) -> str:
    """`alice.balance`, `accounts['bob']`: a part of something that has a name."""
    return f"{name}[{key!r}]" if isinstance(owner, Mapping | list | deque) else f"{name}.{key}"
