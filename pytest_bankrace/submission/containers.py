"""Which objects are mutable containers, and which part of one does an access touch?

The parts: (container, key) for one element, and (container, STRUCTURE) for its length, order and
set of keys, which overlaps each element. So a look-up of a key, present or not, need only name the
key: whoever inserts or deletes it names the structure.

Keys are compared by the runtimes, across executions: only values of a few built-in types, whose
comparison runs no user code, name one element. For any other key the structure stands.
"""

from __future__ import annotations

import array
import gc
from collections import Counter, OrderedDict, defaultdict, deque
from collections.abc import Callable, Hashable
from types import GeneratorType, MappingProxyType
from typing import Any, Final

from pytest_bankrace.runtime import current
from pytest_bankrace.runtime.current import Runtime
from pytest_bankrace.runtime.operation import STRUCTURE
from pytest_bankrace.submission.locations import find_in_mro, is_ours, mro

_SEQUENCES: Final = (list, deque, bytearray, array.array)
_BASES: Final = (dict, set, *_SEQUENCES)
_VIEWS: Final[tuple[type, ...]] = (
    type({}.keys()),
    type({}.values()),
    type({}.items()),
    type(OrderedDict().keys()),
    type(OrderedDict().values()),
    type(OrderedDict().items()),
    MappingProxyType,
)
_EXACT_KEYS: Final = frozenset({int, str, bool, bytes, type(None)})
_CACHE_LIMIT: Final = 1024

BASES: Final = _BASES


class Observing:
    """What our own iterators derive from: they have a state as those of C code do."""

    __slots__ = ()


class Kind:
    """What the probes must know about one type of container, view or iterator."""

    __slots__ = (
        "base",
        "counts",
        "deletes",
        "gets",
        "inserts",
        "iterates",
        "sets",
        "stateful",
        "tests",
        "view",
    )

    def __init__(self, kind: type, base: type | None) -> None:
        self.base = base
        """The built-in container type it is or derives from; None for a view or an iterator."""
        self.view = base is None and kind in _VIEWS
        """Its elements belong to another container."""
        self.stateful = base is None and not self.view
        """An iterator made of C code, or ours: each step writes its state."""
        # A method with probes announces by itself what it touches.
        self.gets = not is_ours(find_in_mro(mro(kind), "__getitem__")[0])
        self.sets = not is_ours(find_in_mro(mro(kind), "__setitem__")[0])
        self.deletes = not is_ours(find_in_mro(mro(kind), "__delitem__")[0])
        self.tests = not is_ours(find_in_mro(mro(kind), "__contains__")[0])
        self.iterates = not is_ours(find_in_mro(mro(kind), "__iter__")[0])
        self.counts = base is dict and issubclass(kind, Counter)
        """Its arithmetic is Python code of the library."""
        self.inserts = base is dict and issubclass(kind, defaultdict)
        """A look-up of a missing key may insert it."""


kinds: dict[type, Kind | None] = {}
"""A cache: None for a type whose instances are neither container, nor view, nor C iterator."""


def kind_of(kind: type) -> Kind | None:
    """What is known of a type's instances as containers; None if they are none."""
    try:
        return kinds[kind]
    except KeyError:
        pass
    if len(kinds) >= _CACHE_LIMIT:
        kinds.clear()
    classes = mro(kind)
    base = next((each for each in classes if each in _BASES), None)
    found = None
    if base is not None or kind in _VIEWS or _is_c_iterator(kind, classes):
        found = Kind(kind, base)
    kinds[kind] = found
    return found


def _is_c_iterator(kind: type, classes: tuple[type, ...]) -> bool:
    step, _ = find_in_mro(classes, "__next__")
    # A generator's body is Python code; the rest of its state is whether it runs.
    made_of_c = type(step) is type(list.__len__) and kind is not GeneratorType
    return made_of_c or Observing in classes


def owner_of(thing: Any, kind: Kind) -> object:
    """The container that a container's or view's elements belong to."""
    return gc.get_referents(thing)[0] if kind.view else thing


def exact_key(key: object) -> bool:
    """Whether a key names one element: its type is known to compare without user code."""
    kind = type(key)
    return kind in _EXACT_KEYS or (kind is tuple and _all_exact(key))


def doubt_key(rt: Runtime, key: object) -> None:
    """A key is about to be hashed and compared, perhaps by Python code with probes."""
    parts = key if type(key) is tuple else (key,)
    for part in parts:
        classes = mro(type(part))
        if any(is_ours(find_in_mro(classes, name)[0]) for name in ("__eq__", "__hash__")):
            rt.doubt("a key is compared by a method, and the look-up tried as one step")


def _all_exact(keys: Any) -> bool:
    return all(exact_key(key) for key in keys)


def key_of(container: Any, base: Any, key: Any) -> Hashable:
    """The key of the location that `container[key]` reads now."""
    if base is dict:
        if exact_key(key):
            exact: Hashable = key
            return exact
        if current.active is not None:
            doubt_key(current.active, key)
        return STRUCTURE
    if type(key) is int or type(key) is bool:
        index = int(key)
        if index < 0:
            index += base.__len__(container)
        return index
    return STRUCTURE


def key_of_store(container: Any, base: Any, key: Any) -> Hashable:
    """The key of the location that `container[key] = ...` writes now.

    A key that is not there yet changes the structure.
    """
    found = key_of(container, base, key)
    if base is dict:
        return found if found is not STRUCTURE and dict.__contains__(container, key) else STRUCTURE
    return found


# -- Announcing accesses. Each returns once the native operation may run, with no other thread in
# between: where another thread ran, what was looked up may be stale, and is looked up again.


def announce_get(rt: Runtime, container: Any, kind: Kind, key: Any) -> None:
    """`container[key]` is about to run."""
    owner = owner_of(container, kind)
    if kind.base is None:
        rt.read(owner, key if exact_key(key) else STRUCTURE)
        return
    while True:
        if kind.inserts and not dict.__contains__(container, key):
            location: Hashable = STRUCTURE
            rt.doubt("a defaultdict makes a missing value in several steps, tried as one")
            handed_over = rt.write(owner, STRUCTURE)
            stale = handed_over and dict.__contains__(container, key)
        else:
            location = key_of(container, kind.base, key)
            handed_over = rt.read(owner, location)
            stale = handed_over and (
                location != key_of(container, kind.base, key)
                or (kind.inserts and not dict.__contains__(container, key))
            )
        if not stale:
            break
    if rt.recording:
        saw_element(rt, container, kind.base, key)


def saw_element(rt: Runtime, container: Any, base: Any, key: Any) -> None:
    """Tell the recorder the element under a key, if it is there and no user code runs."""
    if base is set or not exact_key(key):
        return
    try:
        # Not dict.__getitem__: in a subclass it would call `__missing__`.
        absent = base is dict and not dict.__contains__(container, key)
        if not absent:
            rt.saw(base.__getitem__(container, key))
    except (LookupError, TypeError):
        pass


def announce_set(rt: Runtime, container: Any, kind: Kind, key: Any, value: Any) -> None:
    """`container[key] = value` is about to run."""
    if kind.base is None:
        return
    while True:
        location = key_of_store(container, kind.base, key)
        handed_over = rt.write(container, location)
        if not handed_over or location == key_of_store(container, kind.base, key):
            break
    if rt.recording:
        rt.saw(value)


def announce_test(rt: Runtime, container: Any, kind: Kind, key: Any) -> None:
    """`key in container` is about to run."""
    if kind.stateful:
        rt.write(container, STRUCTURE)
        return
    by_key = (kind.base is dict or kind.base is set) and exact_key(key)
    if not by_key and (kind.base is dict or kind.base is set):
        doubt_key(rt, key)
        announce_whole(rt, key)  # a set is looked for as a frozen copy
    rt.read(owner_of(container, kind), key if by_key else STRUCTURE)


def announce_look(rt: Runtime, container: Any, kind: Kind, key: Any) -> None:
    """`container.get(key)` is about to run."""
    announce_test(rt, container, kind, key)
    if rt.recording and kind.base is not None:
        saw_element(rt, container, kind.base, key)


def doubt_counting(rt: Runtime, *things: Any) -> None:
    """An operation of counters is about to run, which takes several steps."""
    if any((kind := kind_of(type(each))) is not None and kind.counts for each in things):
        rt.doubt("a Counter does arithmetic in several steps, tried as one")


def announce_each(announce: Callable[[object, Hashable], bool], owners: list[object]) -> bool:
    """Announce accesses to several structures. True if another thread ran in between."""
    handed_over = False
    for owner in owners:
        handed_over |= announce(owner, STRUCTURE)
    return handed_over


def announce_change(rt: Runtime, container: object, *sources: Any) -> None:
    """The structure of `container` is about to change, by what is in `sources`."""
    if any((kind := kind_of(type(each))) is not None and kind.base is dict for each in sources):
        doubt_counting(rt, container)
    while True:
        handed_over = rt.write(container, STRUCTURE)
        owners = [
            owner_of(each, kind)
            for each in sources
            if (kind := kind_of(type(each))) is not None and not kind.stateful
        ]
        handed_over |= announce_each(rt.read, owners)
        if not handed_over or not owners:
            return


def announce_whole(rt: Runtime, *things: Any) -> None:
    """One operation is about to read all containers among `things`."""
    owners = []
    for thing in things:
        kind = kind_of(type(thing))
        if kind is not None and not kind.stateful:
            owners.append(owner_of(thing, kind))
    # Several are read at once: all over again, until no other thread ran in between.
    while announce_each(rt.read, owners) and len(owners) > 1:
        pass
