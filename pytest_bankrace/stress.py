"""How does a scenario fare on real threads, and what does its safety cost?

The lesson's experiment: run it, run it again, compare the times of unsafe and safe. A repetition
that breaks refutes; no number of repetitions proves anything.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from time import perf_counter
from typing import Any

from pytest_bankrace.errors import UsageError
from pytest_bankrace.judging import describe_failure, judge, refuse_misuse
from pytest_bankrace.runtime.execution import Ending
from pytest_bankrace.runtime.free import Free
from pytest_bankrace.runtime.names import model_class
from pytest_bankrace.runtime.waits import Task
from pytest_bankrace.scenario import Scenario
from pytest_bankrace.submission.loader import Submission
from pytest_bankrace.surroundings import one_at_a_time, silenced
from pytest_bankrace.verdict import Outcome, Trace, Verdict, Waiting

_HANGS = frozenset({Ending.BLOCKED, Ending.ENDLESS, Ending.STUCK})
SECONDS = 20.0
"""Seconds after which no further repetition is begun."""


@dataclass(frozen=True, slots=True)
class Runs:
    """Repetitions of one scenario: how many there were, how many broke, how long they took."""

    repetitions: int
    broke: int
    seconds: float

    @property
    def each(self) -> float:
        """Seconds for one repetition."""
        return self.seconds / self.repetitions if self.repetitions else 0.0


@dataclass(frozen=True, slots=True)
class Stress:
    """What stressing a scenario showed."""

    verdict: Verdict
    runs: Runs
    unguarded: Runs | None = None
    """The same with the exercise's stub in place of the submission; where there is no stub, with
    the submission's own locks switched off."""

    def summary(self) -> dict[str, Any]:
        """The figures, as they travel in a test report."""
        rows = [("safe", self.runs), ("unguarded", self.unguarded)]
        return {
            name: [runs.repetitions, runs.broke, runs.each]
            for name, runs in rows
            if runs is not None
        }


def stress(
    scenario: Scenario,
    *,
    repetitions: int = 20,
    copies: int = 1,
    seed: int = 0,
    submissions: Iterable[Submission] = (),
    unguarded: Submission | None = None,
) -> Stress:
    """Run a scenario `repetitions` times on real threads, `copies` threads of each body.

    All repetitions are run, broken ones included, and counted; the verdict tells of the first
    that broke. It is never PROVED. Predicates are judged when all threads have ended, `always`
    too. With `submissions`, the time without safety is taken as well. Raises as `explore` does.
    """
    for name, value in (("repetitions", repetitions), ("copies", copies)):
        if isinstance(value, bool) or not isinstance(value, int) or value < 1:
            raise UsageError(f"{name}={value!r}: {name} must be a whole number, at least 1.")
    submissions = list(submissions)
    started = perf_counter()
    with one_at_a_time(), silenced():
        runs, first = _repeat(scenario, repetitions, copies, seed, lockless=False)
        bare = None
        if first is None or first.failure is None or first.failure.ending not in _HANGS:
            bare = _without_safety(scenario, repetitions, copies, seed, submissions, unguarded)
    seconds = perf_counter() - started
    if first is None:
        reason = "stress samples schedules"
        verdict = Verdict(Outcome.SURVIVED, runs.repetitions, seconds, seed, reason=reason)
    else:
        assert first.failure is not None
        refuse_misuse(first.failure, submissions)
        verdict = judge(
            _trace(first),
            describe_failure(first.failure, scenario),
            first.failure,
            Verdict(Outcome.FAILED, runs.repetitions, seconds, seed),
        )
    return Stress(verdict, runs, bare)


def _repeat(
    scenario: Scenario, repetitions: int, copies: int, seed: int, *, lockless: bool
) -> tuple[Runs, Free | None]:
    seconds, done, broke, first = 0.0, 0, 0, None
    deadline = perf_counter() + SECONDS
    while done < repetitions and perf_counter() < deadline:
        free = Free(scenario, copies=copies, seed=f"{seed}/{done}", lockless=lockless)
        free.run()
        done += 1
        seconds += free.seconds
        if free.failure is not None:
            broke += 1
            first = first or free
            if free.failure.ending in _HANGS:
                break  # each further one would take as long as it takes to notice
    return Runs(done, broke, seconds), first


def _without_safety(
    scenario: Scenario,
    repetitions: int,
    copies: int,
    seed: int,
    submissions: list[Submission],
    unguarded: Submission | None,
) -> Runs | None:
    if not submissions:
        return None
    if unguarded is None:
        runs, first = _repeat(scenario, repetitions, copies, seed, lockless=True)
        failure = first.failure if first is not None else None
        if failure is not None and failure.ending is Ending.UNMODELLED:
            return None  # it waits on a condition, which makes no sense without locks
        return runs
    with submissions[0].replaced_by(unguarded):
        return _repeat(scenario, repetitions, copies, seed, lockless=False)[0]


def _word_for(handle: object) -> str:
    """`a lock`, `an event`: real threads' objects have no names."""
    word = model_class(handle).removeprefix("R").lower()
    return f"{'an' if word[0] in 'aeiou' else 'a'} {word}"


def _trace(free: Free) -> Trace:
    """Real threads leave no steps: who they were, and who waits for whom."""
    waiting = tuple(
        Waiting(
            edge.waiter.index,
            edge.target.name if isinstance(edge.target, Task) else _word_for(edge.target.handle),
            edge.holder.index if edge.holder is not None else None,
            edge.stack or (),
            edge.taken or (),
        )
        for edge in free.stopped
    )
    return Trace(tuple(task.name for task in free.tasks), (), waiting=waiting)
