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
    LOOK = "looks at"
    CHANGE = "changes"
    ACQUIRE = "acquires"
    TRY = "tries to acquire"
    TIMED = "acquires with a timeout"
    RELEASE = "releases"
    LOCKED = "asks whether it is locked"
    TAKE = "takes from"
    TRY_TAKE = "tries to take from"
    TIMED_TAKE = "takes with a timeout from"
    GIVE = "gives to"
    WAIT = "waits on"
    WAKE = "waits with a timeout on"
    REACQUIRE = "goes on after waiting on"
    NOTIFY = "notifies"
    START = "starts"
    JOIN = "joins"
    JOIN_TIMED = "joins with a timeout"
    ALIVE = "asks whether it is alive"
    THREADS = "asks which threads there are"
    SLEEP = "sleeps"
    CLOCK = "reads the clock"
    OBSERVE = "looks whether `always` holds"
    LEAVE = "ends what is left"
    EXIT = "ends the program"

    __hash__ = object.__hash__  # Enum's own is a function in Python, and asked for all the time


CLOCK_INDEX: Final = -1
"""The virtual clock's place among the objects."""
IDENTITIES_INDEX: Final = -2
"""The order in which objects were first asked for their `id`."""
THREADS_INDEX: Final = -3
"""The threads that there are: with each one's number, its end; and the order of their starts."""
ANYBODY: Final = -1
"""Instead of a thread: whichever touches the object, its number is the same in every execution."""
NOBODY: Final = -2

TAKES: Final = frozenset({Kind.ACQUIRE, Kind.TRY, Kind.TIMED, Kind.REACQUIRE})
"""What takes a lock, if it succeeds."""
RELEASES: Final = frozenset({Kind.RELEASE, Kind.WAIT})
STOCK_TAKES: Final = frozenset({Kind.TAKE, Kind.TRY_TAKE, Kind.TIMED_TAKE})
"""What takes one of a stock, if there is one left."""
_READS = frozenset(
    {Kind.READ, Kind.LOOK, Kind.LOCKED, Kind.WAKE}
    | {Kind.JOIN, Kind.JOIN_TIMED, Kind.ALIVE, Kind.THREADS}
)
_BLOCKING = frozenset({Kind.ACQUIRE, Kind.REACQUIRE, Kind.TAKE, Kind.JOIN, Kind.LEAVE, Kind.EXIT})
_ATTENDED = frozenset({Kind.OBSERVE, Kind.EXIT})
"""Steps that the scheduler takes itself."""
_ON_CLOCK = frozenset(
    {Kind.SLEEP, Kind.CLOCK, Kind.TIMED, Kind.TIMED_TAKE, Kind.JOIN_TIMED, Kind.WAKE}
)
"""What moves the clock on. Their sum is the same in any order, so only a look at it needs one."""
_CHANGES = frozenset({Kind.WRITE, Kind.CHANGE, Kind.START, Kind.END, Kind.BEGIN})
SPINNING: Final = frozenset(
    {Kind.READ, Kind.LOOK, Kind.LOCKED, Kind.WAIT, Kind.WAKE, Kind.REACQUIRE}
    | {Kind.ALIVE, Kind.THREADS, Kind.CLOCK, Kind.SLEEP, Kind.JOIN_TIMED}
)
"""What a thread that only waits for another to do something goes on doing."""

Location = tuple[int, Hashable]


class Operation:
    """An interned operation: the same in every execution, so it is compared by identity."""

    __slots__ = (
        "attended",
        "bit",
        "blocking",
        "changes",
        "conflicts",
        "gives",
        "initial",
        "kind",
        "locations",
        "most",
        "only",
        "spinning",
        "takes",
        "writes",
    )

    def __init__(self, kind: Kind, locations: tuple[Location, ...], bit: int, gives: int) -> None:
        self.kind = kind
        self.locations = locations
        self.writes = kind not in _READS and kind is not Kind.BEGIN
        self.blocking = kind in _BLOCKING
        self.spinning = kind in SPINNING
        self.changes = kind in _CHANGES
        self.attended = kind in _ATTENDED
        self.bit = bit
        self.conflicts = 0
        self.only = ANYBODY
        """The one thread by which it is the same operation in every execution, or ANYBODY."""
        # A lock is a stock of one.
        self.takes = kind in TAKES or kind in STOCK_TAKES
        self.gives = gives or int(kind in RELEASES)
        """How many it gives back."""
        self.initial = 1
        """How many there are when the threads begin."""
        self.most = 1
        """How many there may be; what would give more gives none."""

    def __repr__(self) -> str:
        where = " ".join(f"{index}.{key}" for index, key in self.locations)
        return f"<{self.kind.name} {where}>"


_Touching = list[tuple[bool, Operation]]
"""Operations that touch one part of one object, each with whether it writes."""


class Operations:
    """The operations of one exploration, and their dependence relation.

    `observe`, `leave` and `exit` depend on all others but reads: an `always` predicate looks at the
    whole state, and so does whoever judges it once the program has ended.
    """

    def __init__(self) -> None:
        self._table: dict[tuple[Kind, tuple[Location, ...], int], Operation] = {}
        self._by_object: dict[int, dict[Hashable, _Touching]] = {}
        self.begin = self.get(Kind.BEGIN)
        self.observe = self.get(Kind.OBSERVE)
        self.leave = self.get(Kind.LEAVE)
        self.exit = self.get(Kind.EXIT)

    def __len__(self) -> int:
        return len(self._table)

    def get(
        self, kind: Kind, *locations: Location, only: int = ANYBODY, gives: int = 0
    ) -> Operation:
        """The operation of this kind on these locations: (number of the object, key) each."""
        name = (kind, locations, gives)
        operation = self._table.get(name)
        if operation is None:
            operation = self._table[name] = Operation(kind, locations, 1 << len(self._table), gives)
            operation.only = only
            self._relate(operation)
        return operation

    def _relate(self, new: Operation) -> None:
        touched = [(index, key, new.writes) for index, key in new.locations]
        if new.kind is Kind.REACQUIRE:  # it takes the lock, and looks whether it was notified
            touched[-1] = (*new.locations[-1], False)
        if new.kind in _ON_CLOCK:
            touched.append((CLOCK_INDEX, None, new.kind is Kind.CLOCK))
        if new.writes and new.locations and new.kind is not Kind.NOTIFY:  # no predicate sees that
            for everything in (self.observe, self.leave, self.exit):
                new.conflicts |= everything.bit
                everything.conflicts |= new.bit
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
