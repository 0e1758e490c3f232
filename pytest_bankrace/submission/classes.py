"""How do the methods that `dataclass` writes announce what they read?

Their text is run by the standard library, out of the rewriter's reach. `__init__` writes to a fresh
object, which no other thread has. Comparisons read fields.
"""

from __future__ import annotations

import functools
from types import FunctionType
from typing import Any

from pytest_bankrace.runtime import current
from pytest_bankrace.runtime.current import Runtime
from pytest_bankrace.submission.locations import forget, locate


def number_instances(cls: type) -> None:
    """Give the instances of a class numbers to hash by, where they would hash by address.

    A set of accounts would have another order in every execution. A class made outside a run
    keeps its addresses: its instances may be in a set already.
    """
    if current.active is not None and getattr(cls, "__hash__", None) is object.__hash__:
        cls.__hash__ = _hash  # type: ignore[assignment]


def _hash(self: object) -> int:
    runtime = current.active
    return object.__hash__(self) if runtime is None else runtime.order(self)


def made(cls: Any) -> Any:
    """The outermost decorator of a decorated class: gives a dataclass's own methods probes."""
    own = vars(cls) if isinstance(cls, type) else {}
    if isinstance(cls, type):
        number_instances(cls)
    forget()
    if "__dataclass_fields__" in own and not own["__dataclass_params__"].frozen:
        fields = tuple(name for name, field in own["__dataclass_fields__"].items() if field.compare)
        for name in ("__eq__", "__lt__", "__le__", "__gt__", "__ge__"):
            native = own.get(name)
            if type(native) is FunctionType and native.__code__.co_filename == "<string>":
                setattr(cls, name, _comparing(native, fields))
    return cls


def _comparing(native: FunctionType, fields: tuple[str, ...]) -> FunctionType:
    @functools.wraps(native)
    def compare(self: Any, other: Any) -> Any:
        __tracebackhide__ = True
        rt = current.active
        if rt is not None and type(other) is type(self):
            while _announce_fields(rt, (self, other), fields):
                pass
        return native(self, other)

    return compare  # type: ignore[return-value]


def _announce_fields(rt: Runtime, things: tuple[Any, ...], fields: tuple[str, ...]) -> bool:
    """Announce reads of all fields. True if another thread ran: then they are stale."""
    handed_over = False
    for thing in things:
        for name in fields:
            place = locate(thing, name)
            if place is not None and rt.read(place[0], name, place[1]):
                handed_over = True
    return handed_over
