"""What does an operation read that looks inside its operands, and inside what is in them?

A comparison, a `repr` or a sort goes through lists of lists, tuples of lists and the arguments of
exceptions. All that it meets is read at one time: no other thread comes in between, unless Python
code is called on the way. Which that may be is one of the three `Look`s.
"""

from __future__ import annotations

from array import array
from collections.abc import Collection, Hashable, Iterable
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
        found = 0 if known.stateful else _CONTAINER
    elif issubclass(kind, tuple):
        found = _TUPLE
    elif issubclass(kind, frozenset):
        found = _SET
    elif issubclass(kind, BaseException):
        found = _ERROR
    elif issubclass(kind, SimpleNamespace):
        found = _NAMESPACE
    else:
        found = 0
    for look, names in _METHODS.items():
        if any(is_ours(find_in_mro(mro(kind), name)[0]) for name in names.split()):
            found |= look
    insides[kind] = found
    return found


def _look_into(thing: Any, how: int) -> tuple[_Place | None, Collection[Any]]:
    """The place that is read to look into something, and what is found there."""
    if how & _CONTAINER:
        kind = kind_of(type(thing))
        owner: Any = thing
        base: Any = dict
        if kind is not None and kind.base is not None:
            base = kind.base
        elif kind is not None:
            owner = owner_of(thing, kind)
        if base is dict and isinstance(owner, dict):
            return (owner, STRUCTURE), [*dict.keys(owner), *dict.values(owner)]
        if base in (bytearray, array, dict):
            return (owner, STRUCTURE), ()
        if type(owner) is list:
            return (owner, STRUCTURE), owner
        try:
            return (owner, STRUCTURE), [*base.__iter__(owner)]
        except RuntimeError:  # under stress, real threads change it meanwhile
            return (owner, STRUCTURE), ()
    if how & _TUPLE:
        return None, thing if type(thing) is tuple else [*tuple.__iter__(thing)]
    if how & _SET:
        return None, [*frozenset.__iter__(thing)]
    if how & _ERROR:
        return (thing, "args"), _error_args(thing)
    return (thing, STRUCTURE), [*vars(thing).values()]


def _gather(things: Iterable[Any], look: Look, depth: int) -> tuple[list[_Place], str]:
    """The places to be read, and why one step may not be all that happens; empty if it is."""
    places: list[_Place] = []
    why = ""
    seen: set[int] = set()
    while True:
        following: list[Any] = []
        for thing in things:
            how = insides.get(type(thing))
            if how is None:
                how = inside(type(thing))
            if not how or id(thing) in seen:
                continue
            seen.add(id(thing))
            if depth > 0 and how & look:
                why = "C code that goes through a container calls a method, tried as one step"
            if how & _INSIDE:
                place, parts = _look_into(thing, how)
                if place is not None:
                    places.append(place)
                if not any(map(inside, {*map(type, parts)})):
                    continue  # as in most containers
                if len(seen) + len(following) + len(parts) > _LIMIT:
                    why = f"what one operation goes through has more than {_LIMIT:,} parts"
                else:
                    following += parts
        if not following:
            return places, why
        things = following
        depth += 1


def announce_inside(
    rt: Runtime, look: Look, *things: Any, copied: bool = False, written: object = None
) -> bool:
    """One operation is about to go through all of the things. True if another thread ran.

    With `copied`, it takes the elements out before it calls their methods. It may have announced
    already that it writes the structure of one, `written`.
    """
    depth = -1 if copied else 0
    if look is Look.SHOW and len(things) > 1:
        depth += 1  # they are shown one after another
    ran = False
    places, why = _gather(things, look, depth)
    while True:
        handed_over = False
        for owner, key in places:
            if owner is not written:
                handed_over |= rt.read(owner, key)
        if not handed_over:
            break
        ran = True
        before = places
        places, why = _gather(things, look, depth)
        if len(before) == len(places) == 1 and before[0][0] is places[0][0]:
            break
    if why and places:
        rt.doubt(why)
    return ran


def calls_back(look: Look, *things: Any) -> bool:
    """Whether an operation that goes through the things calls Python code in between."""
    return bool(_gather(things, look, 0)[1])
