"""Which accesses of an execution have no order between them, and which locks no fixed one?

Vector clocks over a recorded trace (Fidge 1988; Mattern 1989), as race detectors keep them
(Flanagan and Freund: "FastTrack", PLDI 2009). Order is what the program's synchronization makes: a
lock's release and its next acquire, a thread's start and its first step, its end and a join, and
the end of setup before the scenario's threads. Two accesses to one place, at least one of them a
write, that no such order lies between are a data race, though in this execution one of them came
first.

Lock order is Goodlock (Havelund: "Using Runtime Analysis to Guide Model Checking of Java Programs",
SPIN 2000; with gate locks): threads that take locks in a circle, each holding one that the next
wants, may deadlock, unless all of them hold one more lock meanwhile, or one ends before another
starts.

Deviations: full clocks rather than FastTrack's epochs, since traces are short; of each thread the
last read and the last write of a place are compared, so of several races on one place some may go
unmentioned; circles of up to four locks are looked for.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from pytest_bankrace.explain.evidence import RELEASES, TAKES, lock_of
from pytest_bankrace.runtime.operation import Kind
from pytest_bankrace.verdict import Step, Trace

LONGEST_CIRCLE = 4

_ENDS = frozenset({Kind.JOIN.value, Kind.JOIN_TIMED.value, Kind.ALIVE.value})
_BLOCKS = frozenset({Kind.ACQUIRE.value, Kind.REACQUIRE.value})
_Clock = dict[int, int]
_Place = tuple[int, str]


@dataclass(frozen=True, slots=True)
class Access:
    """A step, by its place in the trace, with the locks that its thread held."""

    number: int
    step: Step
    locks: tuple[str, ...]

    @property
    def told(self) -> str:
        """`written at bank.py:14 (no lock held)`."""
        done = "written" if self.step.action == Kind.WRITE.value else "read"
        at = f" at {self.step.frame.place}" if self.step.frame is not None else ""
        held = " and ".join(self.locks) if self.locks else "no lock"
        return f"{done}{at} ({held} held)"


_Seen = tuple[int, Access]
"""When, by its thread's own clock, and what."""


class DataRaceFound(NamedTuple):
    """Two accesses with no order between them."""

    first: Access
    second: Access

    def __str__(self) -> str:
        one, other = sorted(self, key=lambda access: access.told, reverse=True)  # a write first
        what = one.step.target
        return f"data race: {what} is {one.told} and {other.told}, with no order between them"


class Nested(NamedTuple):
    """A thread takes a lock while it holds another."""

    thread: int
    outer: _Place
    inner: _Place
    held: frozenset[_Place]
    """All that it holds."""
    clock: _Clock
    """What had happened before by start and join alone."""
    step: Step
    outer_step: Step

    def __str__(self) -> str:
        def at(step: Step) -> str:
            return f" ({step.frame.place})" if step.frame is not None else ""

        outer, inner = self.outer_step, self.step
        return f"{outer.target}{at(outer)} and then {inner.target}{at(inner)}"


class HappensBefore:
    """What one pass over a trace finds."""

    def __init__(self, trace: Trace) -> None:
        self.races: list[DataRaceFound] = []
        self.nested: list[Nested] = []
        self._clocks: dict[int, _Clock] = {}
        self._hard: dict[int, _Clock] = {}
        """The same by start and join alone."""
        self._released: dict[_Place, _Clock] = {}
        self._ended: dict[_Place, tuple[_Clock, _Clock]] = {}
        self._held: dict[int, dict[_Place, Step]] = {}
        self._accesses: dict[_Place, dict[tuple[int, bool], _Seen]] = {}
        """The last read and the last write of each place by each thread."""
        for number, step in enumerate(trace.steps):
            self._pass(number, step)

    def _pass(self, number: int, step: Step) -> None:
        thread, action, place = step.thread, step.action, step.location
        if thread not in self._clocks:  # nobody started it: setup, in the main thread, had ended
            self._clocks[thread] = {**self._clocks.get(0, {})}
            self._hard[thread] = {**self._hard.get(0, {})}
        clock, hard = self._clocks[thread], self._hard[thread]
        held = self._held.setdefault(thread, {})
        for mine in (clock, hard):
            mine[thread] = number + 1
        lock = step.lock or place
        if action in TAKES:
            if step.value == "False":
                return
            if action in _BLOCKS:
                self._nest(step, lock, held, hard)
            if lock_of(step) is not None:
                held[lock] = step
            _join(clock, self._released.get(lock, {}))
        elif action in RELEASES:
            for holding in self._held.values():
                holding.pop(lock, None)
            _join(self._released.setdefault(lock, {}), clock)
        elif action == Kind.CHANGE.value:
            _join(self._released.setdefault(place, {}), clock)
        elif action == Kind.LOOK.value:
            _join(clock, self._released.get(place, {}))
        elif step.starts is not None:
            self._clocks[step.starts] = {**clock}
            self._hard[step.starts] = {**hard}
        elif action == Kind.END.value:
            self._ended[place] = {**clock}, {**hard}
        elif action in _ENDS and place in self._ended:
            _join(clock, self._ended[place][0])
            _join(hard, self._ended[place][1])
        elif action in (Kind.READ.value, Kind.WRITE.value):
            locks = tuple(lock.target for lock in held.values())
            self._access(Access(number, step, locks), clock)

    def _access(self, access: Access, clock: _Clock) -> None:
        step = access.step
        writes = step.action == Kind.WRITE.value
        for earlier in self._overlapping(step.location):
            for (thread, wrote), (when, other) in earlier.items():
                if thread != step.thread and (writes or wrote) and clock.get(thread, 0) < when:
                    self.races.append(DataRaceFound(other, access))
        mine = self._accesses.setdefault(step.location, {})
        mine[step.thread, writes] = clock[step.thread], access

    def _overlapping(self, location: _Place) -> Iterator[dict[tuple[int, bool], _Seen]]:
        """A container's structure overlaps each of its keys."""
        index, key = location
        for place, accesses in self._accesses.items():
            if place[0] == index and (place[1] == key or "*" in (place[1], key)):
                yield accesses

    def _nest(self, step: Step, lock: _Place, held: dict[_Place, Step], hard: _Clock) -> None:
        for outer, outer_step in held.items():
            if outer != lock:
                self.nested.append(
                    Nested(
                        step.thread,
                        outer,
                        lock,
                        frozenset(held),
                        {**hard},
                        step,
                        outer_step,
                    )
                )


def _join(clock: _Clock, other: _Clock) -> None:
    for thread, when in other.items():
        if when > clock.get(thread, 0):
            clock[thread] = when


def circles(nested: Sequence[Nested]) -> Iterator[tuple[Nested, ...]]:
    """Locks that different threads take in a circle, with nothing to keep them apart."""

    def grow(path: tuple[Nested, ...]) -> Iterator[tuple[Nested, ...]]:
        if len(path) > 1 and path[-1].inner == path[0].outer:
            yield path
            return
        if len(path) == LONGEST_CIRCLE:
            return
        for following in nested:
            if following.outer == path[-1].inner and all(
                following.outer != before.outer and _apart(before, following) for before in path
            ):
                yield from grow((*path, following))

    for first in nested:
        for path in grow((first,)):
            if first.outer == min(edge.outer for edge in path):  # each circle once
                yield path


def _apart(one: Nested, other: Nested) -> bool:
    """Whether two threads can stand there at once."""
    return (
        one.thread != other.thread
        and not one.held & other.held
        and one.clock.get(other.thread, 0) < other.clock[other.thread]
        and other.clock.get(one.thread, 0) < one.clock[one.thread]
    )


def lock_orders(
    nested: Sequence[Nested], threads: Sequence[str], *, proved: bool = False
) -> dict[tuple[str, ...], str]:
    """A sentence for each circle, by its locks and lines: it is one whoever takes them.

    `proved`: every interleaving was covered, and none deadlocks.
    """
    end = (
        "No schedule of this scenario deadlocks by it; with other threads or values, one may"
        if proved
        else "No schedule here deadlocked by it, but nothing rules it out"
    )
    found: dict[tuple[str, ...], str] = {}
    for path in circles(nested):
        told = "; ".join(f"{threads[edge.thread]} takes {edge}" for edge in path)
        found.setdefault(tuple(sorted(map(str, path))), f"lock order: {told}. {end}")
    return found


def distinct(texts: Iterable[str]) -> list[str]:
    """Each text once, in order."""
    return [*dict.fromkeys(texts)]
