"""What is the simplest schedule that fails in the same way?

First within the failing execution's own Mazurkiewicz trace: a 0-1 breadth-first search over how
far each thread has come and which one went last finds the linearization with the fewest context
switches (the shortest path; every state is a set of events closed under happens-before). Then
below it: all schedules with fewer preemptions, in the order of `bounded.py` (Musuvathi, Qadeer,
PLDI 2007), and the first that fails in the same way is straightened in turn. Both are bounded by
counts, never by time, so that the same failure always becomes the same schedule.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Sequence
from itertools import pairwise

from pytest_bankrace.runtime.execution import Ending, Execution, Failure
from pytest_bankrace.runtime.operation import Operation
from pytest_bankrace.strategy.bounded import Bounded
from pytest_bankrace.strategy.protocol import Strategy
from pytest_bankrace.strategy.replay import Replay

MOST_STATES = 20_000
"""Of the search within one trace."""
MOST_OPERATIONS = 100_000
"""Of all executions that are run to get below it."""
MOST_EVENTS = 1_000
"""A longer execution is left as it is."""

Run = Callable[[Strategy], Execution]
"""Runs one execution by a strategy."""


def switches(threads: Sequence[int]) -> int:
    """How often another thread goes on than the one before."""
    return sum(one != other for one, other in pairwise(threads))


def shrink(run: Run, threads: Sequence[int], failure: Failure, below: int = 0) -> list[int]:
    """A schedule that fails as `threads` does, with as few context switches as were found.

    `below`: schedules with fewer preemptions than this are known not to fail.
    """
    best = [*threads]
    if len(best) > MOST_EVENTS or failure.ending is Ending.ENDLESS:
        return best
    seen = Seen(best)
    if not alike(run(seen).failure, failure):
        return best
    best = _straightened(run, best, seen, failure)
    spent = 0
    for bound in range(below, seen.preemptions):
        search = Bounded(bound)
        while spent < MOST_OPERATIONS and search.new_execution():
            execution = run(search)
            search.end_execution()
            spent += len(execution.threads)
            if alike(execution.failure, failure):
                found = Seen(execution.threads)
                if alike(run(found).failure, failure):
                    return _straightened(run, execution.threads, found, failure)
        if spent >= MOST_OPERATIONS:
            break
    return best


def alike(one: Failure | None, other: Failure) -> bool:
    """Whether two executions fail in the same way."""
    return one is not None and (
        (one.ending, one.predicate, one.blockage, type(one.error))
        == (other.ending, other.predicate, other.blockage, type(other.error))
    )


class Seen(Replay):
    """Repeats a schedule, and sees what its steps do."""

    def __init__(self, threads: Sequence[int]) -> None:
        super().__init__(threads)
        self.operations: list[Operation] = []
        self.births: list[int] = []
        self.preemptions = 0

    def next_thread(
        self, runnable: Sequence[int], current: int, pending: Sequence[Operation | None]
    ) -> int:
        self.births += [len(self.operations)] * (len(pending) - len(self.births))
        thread = super().next_thread(runnable, current, pending)
        operation = pending[thread]
        assert operation is not None
        self.operations.append(operation)
        self.preemptions += thread != current and current in runnable
        return thread


def _straightened(run: Run, threads: Sequence[int], seen: Seen, failure: Failure) -> list[int]:
    """The same trace with the fewest switches, if it fails as well."""
    found = fewest_switches(threads, seen.operations, seen.births)
    better = switches(found) < switches(threads)
    return found if better and alike(run(Replay(found)).failure, failure) else [*threads]


def fewest_switches(
    threads: Sequence[int], operations: Sequence[Operation], births: Sequence[int]
) -> list[int]:
    """The linearization of an execution's trace with the fewest context switches.

    `threads` and `operations` are the events in the order in which they happened; `births` says
    for each thread how many had happened when it was started. Where more than MOST_STATES would
    have to be looked at, that order is returned.
    """
    needs = _needs(threads, operations, births)
    start = (0,) * len(needs)
    end = tuple(len(events) for events in needs)
    came_from: dict[tuple[tuple[int, ...], int], tuple[tuple[int, ...], int]] = {}
    costs = {(start, -1): 0}
    queue = deque([(0, start, -1)])
    while queue:
        cost, progress, last = queue.popleft()
        if cost > costs[progress, last]:
            continue
        if progress == end:
            return _path(came_from, progress, last)
        if len(costs) > MOST_STATES:
            break
        for thread, events in enumerate(needs):
            done = progress[thread]
            if done == len(events) or any(
                progress[other] < least for other, least in events[done].items()
            ):
                continue
            reached = (*progress[:thread], done + 1, *progress[thread + 1 :])
            more = cost + (last not in (thread, -1))
            if more < costs.get((reached, thread), more + 1):
                costs[reached, thread] = more
                came_from[reached, thread] = (progress, last)
                if more == cost:
                    queue.appendleft((more, reached, thread))
                else:
                    queue.append((more, reached, thread))
    return [*threads]


def _needs(
    threads: Sequence[int], operations: Sequence[Operation], births: Sequence[int]
) -> list[list[dict[int, int]]]:
    """For each thread's events: how far each other thread must have come before it."""
    needs: list[list[dict[int, int]]] = [[] for _ in births]
    for place, (thread, operation) in enumerate(zip(threads, operations, strict=True)):
        least: dict[int, int] = {}
        counts = [0] * len(needs)
        started = births[thread] - 1 if not needs[thread] else -1
        for number in range(place):
            other = threads[number]
            counts[other] += 1
            if number == started or operations[number].conflicts & operation.bit:
                least[other] = counts[other]
        least.pop(thread, None)
        needs[thread].append(least)
    return needs


def _path(
    came_from: dict[tuple[tuple[int, ...], int], tuple[tuple[int, ...], int]],
    progress: tuple[int, ...],
    last: int,
) -> list[int]:
    path = []
    while last >= 0:
        path.append(last)
        progress, last = came_from[progress, last]
    path.reverse()
    return path
