"""What does an operation read that looks inside its operands, and inside what is in them?

A comparison, a `repr` or a sort goes through lists of lists, tuples of lists and the arguments of
exceptions. All that it meets is read at one time: no other thread comes in between, unless Python
code is called on the way. Which that may be is one of the three `Look`s.
"""

from __future__ import annotations

from array import array
from collections.abc import Hashable, Iterable
from enum import IntFlag
from types import SimpleNamespace
from typing import Any, Final

from pytest_bankrace.runtime.current import Runtime
from pytest_bankrace.runtime.operation import STRUCTURE
from pytest_bankrace.submission.containers import kind_of, owner_of
from pytest_bankrace.submission.locations import find_in_mro, is_ours, mro


class Look(IntFlag):
    """What an operation does with the objects that it meets."""

    COMPARE = 1
    SHOW = 2
    TOTAL = 4


_METHODS: Final[dict[Look, str]] = {
    Look.COMPARE: "__eq__ __ne__ __lt__ __le__ __gt__ __ge__ __hash__",
    Look.SHOW: "__repr__ __str__ __format__",
    Look.TOTAL: "__add__ __radd__ __bool__ __len__",
}
_LEAF: Final = 0
_CONTAINER, _TUPLE, _SET, _ERROR, _NAMESPACE = (8 << power for power in range(5))
_INSIDE: Final = _CONTAINER | _TUPLE | _SET | _ERROR | _NAMESPACE
_LIMIT: Final = 1_000
"""Objects that are looked at for one operation."""
_CACHE_LIMIT: Final = 1024

insides: dict[type, int] = {}
"""A cache: 0 for a type whose instances are neither looked into nor call Python code of theirs."""

_Place = tuple[object, Hashable]
_error_args: Any = BaseException.__dict__["args"].__get__


def inside(kind: type) -> int:
    """What is known of a type: how to look into its instances, and which `Look`s call its code."""
    try:
        return insides[kind]
    except KeyError:
        pass
    if len(insides) >= _CACHE_LIMIT:
        insides.clear()
    known = kind_of(kind)
    if known is not None:
        found = _LEAF if known.stateful else _CONTAINER
    elif issubclass(kind, tuple):
        found = _TUPLE
    elif issubclass(kind, frozenset):
        found = _SET
    elif issubclass(kind, BaseException):
        found = _ERROR
    elif issubclass(kind, SimpleNamespace):
        found = _NAMESPACE
    else:
        found = _LEAF
    for look, names in _METHODS.items():
        if any(is_ours(find_in_mro(mro(kind), name)[0]) for name in names.split()):
            found |= look
    insides[kind] = found
    return found


def _look_into(thing: Any, how: int) -> tuple[_Place | None, Iterable[Any]]:
    """The place that is read to look into something, and what is found there."""
    if how & _TUPLE:
        return None, tuple.__iter__(thing)
    if how & _SET:
        return None, frozenset.__iter__(thing)
    if how & _ERROR:
        return (thing, "args"), _error_args(thing)
    if how & _NAMESPACE:
        return (thing, STRUCTURE), vars(thing).values()
    kind = kind_of(type(thing))
    assert kind is not None
    owner: Any = owner_of(thing, kind)
    base = kind.base if kind.base is not None else dict
    place = owner, STRUCTURE
    if base is dict and isinstance(owner, dict):
        return place, (*dict.keys(owner), *dict.values(owner))
    if base in (bytearray, array, dict):
        return place, ()
    elements: Any = base
    return place, elements.__iter__(owner)


def _gather(things: tuple[Any, ...], look: Look, depth: int) -> tuple[list[_Place], str]:
    """The places to be read, and why one step may not be all that happens; empty if it is."""
    places: list[_Place] = []
    why = ""
    seen: set[int] = set()
    level: list[Any] = list(things)
    if look is Look.SHOW and len(things) > 1:
        depth += 1  # they are shown one after another
    while level:
        following: list[Any] = []
        for thing in level:
            how = inside(type(thing))
            if how == _LEAF or id(thing) in seen:
                continue
            seen.add(id(thing))
            if depth > 0 and how & look:
                why = "C code that goes through a container calls a method, tried as one step"
            if how & _INSIDE:
                place, parts = _look_into(thing, how)
                if place is not None:
                    places.append(place)
                if len(seen) + len(following) > _LIMIT:
                    why = f"what one operation goes through has more than {_LIMIT:,} parts"
                else:
                    following += parts
        level = following
        depth += 1
    return places, why


def announce_inside(
    rt: Runtime, look: Look, *things: Any, copied: bool = False, written: object = None
) -> bool:
    """One operation is about to go through all of the things. True if another thread ran.

    With `copied`, it takes the elements out before it calls their methods. It may have announced
    already that it writes the structure of one, `written`.
    """
    ran = False
    while True:
        places, why = _gather(things, look, -1 if copied else 0)
        places = [place for place in places if place[0] is not written]
        handed_over = False
        for owner, key in places:
            handed_over |= rt.read(owner, key)
        ran |= handed_over
        if not handed_over or (len(places) == 1 and _is_flat(places[0][0])):
            break
    if why and (places or written is not None):
        rt.doubt(why)
    return ran


def _is_flat(owner: Any) -> bool:
    """Whether a container that was looked into has nothing in it that is looked into as well."""
    _, parts = _look_into(owner, inside(type(owner)))
    return all(inside(type(part)) & _INSIDE == 0 for part in parts)


def calls_back(look: Look, *things: Any) -> bool:
    """Whether an operation that goes through the things calls Python code in between."""
    return bool(_gather(things, look, 0)[1])
