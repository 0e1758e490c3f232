"""Has a scenario that passes data races, or locks without a fixed order?

Exploring keeps a few of its executions. Those whose operations leave room for something to be
found are run again and recorded. `report` looks at a sample, which shows nearly all there is: most
races are in every schedule. `forbid` looks at every execution of the exhaustive search, or else
what passes is not PROVED.

Room there is where one lock is not held at every access to a place that threads share (lock sets:
Savage et al., "Eraser", TOCS 1997: what keeps to that has no data race), or where one lock is taken
within another and, somewhere, the other way round.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Literal, NamedTuple, get_args

from pytest_bankrace.errors import UsageError
from pytest_bankrace.explain.happens_before import HappensBefore, Nested, distinct, lock_orders
from pytest_bankrace.runtime.execution import Execution
from pytest_bankrace.runtime.operation import Kind, Location, Operation
from pytest_bankrace.runtime.recorder import Recorder
from pytest_bankrace.verdict import DataRace, Trace

DataRaces = Literal["forbid", "report", "ignore"]

FIRST = 8
"""Executions that are looked at, from the first on."""
KEPT = 40
"""Executions that are looked at in all, for a report: those that did something new come after."""
KEPT_TO_FORBID = 500
TOLD = 5
"""Notes of one kind."""
NOT_ALL = "data races were not looked for in each step of each schedule"


def check_mode(data_races: str) -> None:
    """Raise UsageError for anything but one of the three."""
    if data_races not in get_args(DataRaces):
        raise UsageError(f'data_races={data_races!r}: it must be "forbid", "report" or "ignore".')


class Found(NamedTuple):
    """A data race that was found, with all that a verdict needs."""

    finding: DataRace
    trace: Trace
    recorder: Recorder
    execution: Execution
    fateful: frozenset[int]


class Unordered:
    """Keeps schedules while a scenario is explored, and looks at them once it has passed."""

    def __init__(self, data_races: str) -> None:
        check_mode(data_races)
        self._mode = data_races
        self._kept: list[Execution] = []
        self._operations = 0
        self.missed = ""
        """Why something may have been missed that would have to be known; a clause."""

    def keep(self, execution: Execution, operations: int) -> None:
        """An execution has passed; so many operations are known by now."""
        if self._mode == "forbid":
            wanted, most = True, KEPT_TO_FORBID
        else:
            wanted, most = len(self._kept) < FIRST or operations > self._operations, KEPT
        self._operations = operations
        if wanted and self._mode != "ignore" and len(self._kept) < most:
            self._kept.append(execution)
        elif self._mode == "forbid":
            self.missed = NOT_ALL

    def look(
        self, record: Callable[[Sequence[int]], tuple[Recorder, Execution]], *, proved: bool
    ) -> tuple[list[str], Found | None]:
        """What is to be noted; and the data race that fails the scenario, if they are forbidden.

        `proved`: every interleaving was covered.
        """
        races: list[str] = []
        orders: dict[tuple[str, ...], str] = {}
        for kept in self._kept:
            if not suspicious(kept.threads, kept.operations):
                continue
            recorder, execution = record(kept.threads)
            if execution.failure is not None:
                self.missed = "an execution that had passed failed when it was run again"
                continue
            trace = recorder.trace()
            if trace.omitted and self._mode == "forbid":
                self.missed = self.missed or NOT_ALL
            found = HappensBefore(trace)
            if found.races and self._mode == "forbid":
                race = found.races[0]
                finding = DataRace(
                    str(race).removeprefix("data race: "),
                    "nothing makes one of the two wait for the other: that it went well is the"
                    " order in which they happened to run.",
                    f"{_place(race.first.step.frame)} and {_place(race.second.step.frame)}: one"
                    " lock, held at both.",
                )
                fateful = frozenset({race.first.number, race.second.number})
                return [], Found(finding, trace, recorder, execution, fateful)
            races += map(str, found.races)
            circles = lock_orders(_each_once(found.nested), trace.threads, proved=proved)
            orders |= {circle: note for circle, note in circles.items() if circle not in orders}
        return [*_short(distinct(races)), *_short([*orders.values()])], None


_PLAIN = frozenset({Kind.BEGIN, Kind.READ, Kind.WRITE, Kind.ACQUIRE, Kind.RELEASE, Kind.OBSERVE})


def suspicious(threads: Sequence[int], operations: Sequence[Operation]) -> bool:
    """False when an execution has certainly neither a data race nor locks taken in a circle."""
    if not _PLAIN.issuperset({operation.kind for operation in operations}):
        return True
    held: dict[int, frozenset[Location]] = {}
    nested: set[tuple[Location, Location]] = set()
    accesses: dict[Operation, tuple[set[int], frozenset[Location]]] = {}
    for thread, operation in zip(threads, operations, strict=True):
        mine = held.get(thread, frozenset())
        if operation.kind is Kind.ACQUIRE:
            nested.update((outer, operation.locations[0]) for outer in mine)
            held[thread] = mine.union(operation.locations)
        elif operation.kind is Kind.RELEASE:
            if operation.locations[0] not in mine:
                return True  # somebody else's
            held[thread] = mine.difference(operation.locations)
        elif operation.kind in (Kind.READ, Kind.WRITE):
            who, always = accesses.setdefault(operation, (set(), mine))
            who.add(thread)
            accesses[operation] = who, always & mine
    return _has_circle(nested) or any(
        operation.conflicts & other.bit and len(who | others) > 1 and not always & everywhere
        for operation, (who, always) in accesses.items()
        for other, (others, everywhere) in accesses.items()
    )


def _has_circle(edges: set[tuple[Location, Location]]) -> bool:
    """Whether some locks, each taken within the next, come round: if none is left to take away."""
    while edges:
        inner = {edge[1] for edge in edges}
        left = {edge for edge in edges if edge[0] in inner}
        if len(left) == len(edges):
            return True
        edges = left
    return False


def _place(frame: object) -> str:
    return getattr(frame, "place", "an unknown line")


def _each_once(nested: Sequence[Nested]) -> list[Nested]:
    """A thread's repetitions of the same nesting say nothing new."""
    seen = {(edge.thread, edge.outer, edge.inner, edge.held): edge for edge in reversed(nested)}
    return [*seen.values()]


def _short(notes: list[str]) -> list[str]:
    more = len(notes) - TOLD
    return notes if more <= 0 else [*notes[:TOLD], f"and {more} more of these"]
