"""Has a scenario that passes data races, or locks without a fixed order?

Exploring keeps a few of its schedules; these are run again and recorded. `report` looks at a
sample, which shows nearly all there is: most races are in every schedule. `forbid` looks at every
execution of the exhaustive search, or else what passes is not PROVED.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Literal, NamedTuple, get_args

from pytest_bankrace.errors import UsageError
from pytest_bankrace.explain.happens_before import HappensBefore, Nested, distinct, lock_orders
from pytest_bankrace.runtime.execution import Execution
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
        self._kept: list[list[int]] = []
        self._operations = 0
        self.missed = False
        """Some executions were not kept, which would have to be looked at."""

    def keep(self, execution: Execution, operations: int) -> None:
        """An execution has passed; so many operations are known by now."""
        if self._mode == "forbid":
            wanted, most = True, KEPT_TO_FORBID
        else:
            wanted, most = len(self._kept) < FIRST or operations > self._operations, KEPT
        self._operations = operations
        if wanted and self._mode != "ignore" and len(self._kept) < most:
            self._kept.append(execution.threads)
        elif self._mode == "forbid":
            self.missed = True

    def look(
        self, record: Callable[[Sequence[int]], tuple[Recorder, Execution]]
    ) -> tuple[list[str], Found | None]:
        """What is to be noted; and the data race that fails the scenario, if they are forbidden."""
        races: list[str] = []
        orders: list[str] = []
        for threads in self._kept:
            recorder, execution = record(threads)
            if execution.failure is not None:
                continue  # not deterministic: said elsewhere
            trace = recorder.trace()
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
            orders += lock_orders(_each_once(found.nested), trace.threads)
        return [*_short(distinct(races)), *_short(distinct(orders))], None


def _place(frame: object) -> str:
    return getattr(frame, "place", "an unknown line")


def _each_once(nested: Sequence[Nested]) -> list[Nested]:
    """A thread's repetitions of the same nesting say nothing new."""
    seen = {(edge.thread, edge.outer, edge.inner, edge.held): edge for edge in reversed(nested)}
    return [*seen.values()]


def _short(notes: list[str]) -> list[str]:
    more = len(notes) - TOLD
    return notes if more <= 0 else [*notes[:TOLD], f"and {more} more of these"]
