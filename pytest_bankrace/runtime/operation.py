"""What does a thread want to do next, and which operations does the order matter for?

An operation names what it touches; two operations are dependent when they touch the same
location and not both only read it (Mazurkiewicz 1977; Godefroid 1996). Dependence is worked
out once, when an operation is first met: each has one bit, and a mask of the bits it depends
on, so that "independent of a whole sequence" is one `&`.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable
from enum import Enum
from typing import Final


class _Structure:
    def __repr__(self) -> str:
        return "*"

    def __reduce__(self) -> str:
        return "STRUCTURE"


STRUCTURE: Final = _Structure()
"""The key of a container's structure: its length, order and set of keys. It overlaps each key."""


class Kind(Enum):
    """The kinds of operation, by the word that a report uses for them."""

    BEGIN = "begins"
    END = "ends"
    READ = "reads"
    WRITE = "writes"
    ACQUIRE = "acquires"
    TRY = "tries to acquire"
    TIMED = "acquires with a timeout"
    RELEASE = "releases"
    LOCKED = "asks whether it is locked"
    START = "starts"
    JOIN = "joins"
    JOIN_TIMED = "joins with a timeout"
    ALIVE = "asks whether it is alive"
    SLEEP = "sleeps"
    CLOCK = "reads the clock"


CLOCK_INDEX: Final = -1
"""The virtual clock's place among the objects."""
ANYWHERE_INDEX: Final = -2
"""What every operation but a read touches while an `always` predicate watches."""
IDENTITIES_INDEX: Final = -3
"""The order in which objects were first asked for their `id`."""

_READS = frozenset({Kind.READ, Kind.LOCKED, Kind.JOIN, Kind.JOIN_TIMED, Kind.ALIVE})
_BLOCKING = frozenset({Kind.ACQUIRE, Kind.JOIN})
_ON_CLOCK = frozenset({Kind.SLEEP, Kind.CLOCK, Kind.TIMED, Kind.JOIN_TIMED})
_CHANGES = frozenset({Kind.WRITE, Kind.START, Kind.END, Kind.BEGIN})
SPINNING: Final = frozenset(
    {Kind.READ, Kind.LOCKED, Kind.ALIVE, Kind.CLOCK, Kind.SLEEP, Kind.JOIN_TIMED}
)
"""What a thread that only waits for another to do something goes on doing."""

Location = tuple[int, Hashable]


class Operation:
    """An interned operation: the same in every execution, so it is compared by identity."""

    __slots__ = (
        "bit",
        "blocking",
        "changes",
        "conflicts",
        "kind",
        "locations",
        "spinning",
        "writes",
    )

    def __init__(self, kind: Kind, locations: tuple[Location, ...], bit: int) -> None:
        self.kind = kind
        self.locations = locations
        self.writes = kind not in _READS and kind is not Kind.BEGIN
        self.blocking = kind in _BLOCKING
        self.spinning = kind in SPINNING
        self.changes = kind in _CHANGES
        self.bit = bit
        self.conflicts = 0

    def __repr__(self) -> str:
        where = " ".join(f"{index}.{key}" for index, key in self.locations)
        return f"<{self.kind.name} {where}>"


_Touching = list[tuple[bool, Operation]]
"""Operations that touch one part of one object, each with whether it writes."""


class Operations:
    """The operations of one exploration, and their dependence relation.

    With `observed`, all operations but reads depend on one another: a predicate that must
    hold after every step sees the order of any two of them.
    """

    def __init__(self, *, observed: bool = False) -> None:
        self._table: dict[tuple[Kind, tuple[Location, ...]], Operation] = {}
        self._by_object: dict[int, dict[Hashable, _Touching]] = {}
        self._observed = observed
        self.begin = self.get(Kind.BEGIN)

    def __len__(self) -> int:
        return len(self._table)

    def get(self, kind: Kind, *locations: Location) -> Operation:
        """The operation of this kind on these locations: (number of the object, key) each."""
        name = (kind, locations)
        operation = self._table.get(name)
        if operation is None:
            operation = self._table[name] = Operation(kind, locations, 1 << len(self._table))
            self._relate(operation)
        return operation

    def _relate(self, new: Operation) -> None:
        touched = [(index, key, new.writes) for index, key in new.locations]
        if new.kind in _ON_CLOCK:
            touched.append((CLOCK_INDEX, None, True))
        if self._observed and new.writes:
            touched.append((ANYWHERE_INDEX, None, True))
        for index, key, writes in touched:
            by_key = self._by_object.setdefault(index, {})
            by_key.setdefault(key, []).append((writes, new))
            overlapping = by_key.values() if key is STRUCTURE else self._overlapping(by_key, key)
            for others in overlapping:
                for other_writes, other in others:
                    if writes or other_writes:
                        new.conflicts |= other.bit
                        other.conflicts |= new.bit

    @staticmethod
    def _overlapping(by_key: dict[Hashable, _Touching], key: Hashable) -> Iterable[_Touching]:
        yield by_key[key]
        if STRUCTURE in by_key:
            yield by_key[STRUCTURE]
