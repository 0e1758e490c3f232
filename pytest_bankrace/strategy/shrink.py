"""What is the simplest schedule that fails in the same way?

First within the failing execution's own Mazurkiewicz trace: a search for the shortest path over how
far each thread has come and which one went last finds the linearization with the fewest context
switches, and the fewest preemptions among them (Dijkstra 1959; every state is a set of events
closed under happens-before). Then below it: all schedules with fewer preemptions, in the order of
`bounded.py` (Musuvathi, Qadeer, PLDI 2007), and the first that fails in the same way is
straightened in turn. Both are bounded by counts, never by time, so that the same failure always
becomes the same schedule.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from heapq import heappop, heappush
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
    best, seen = _straightened(run, seen, failure, below)
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
                    return _straightened(run, found, failure, bound)[0]
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
        self.threads = [*threads]
        self.operations: list[Operation] = []
        self.births: list[int] = []
        self.undone: Sequence[Operation | None] = ()
        """What each thread has announced and, at the end, not carried out."""
        self.preemptions = 0

    def next_thread(
        self, runnable: Sequence[int], current: int, pending: Sequence[Operation | None]
    ) -> int:
        self.births += [len(self.operations)] * (len(pending) - len(self.births))
        thread = super().next_thread(runnable, current, pending)
        operation = pending[thread]
        assert operation is not None
        self.operations.append(operation)
        self.undone = pending
        self.preemptions += thread != current and current in runnable
        return thread


def _straightened(run: Run, seen: Seen, failure: Failure, below: int) -> tuple[list[int], Seen]:
    """The same trace with the fewest switches, if it fails as well."""
    least = len(set(seen.threads)) - 1
    if not any(seen.undone):  # each thread that was interrupted goes on later
        least += below
    if seen.preemptions <= below and switches(seen.threads) <= least:
        return seen.threads, seen
    found = fewest_switches(seen.threads, seen.operations, seen.births, seen.undone)
    if switches(found) < switches(seen.threads):
        straight = Seen(found)
        if alike(run(straight).failure, failure):
            return found, straight
    return seen.threads, seen


def fewest_switches(
    threads: Sequence[int],
    operations: Sequence[Operation],
    births: Sequence[int],
    undone: Sequence[Operation | None] = (),
) -> list[int]:
    """The linearization of an execution's trace with the fewest context switches.

    `threads` and `operations` are the events in the order in which they happened; `births` says
    for each thread how many had happened when it was started, and `undone` what it was about to do
    at the end. Where more than MOST_STATES would have to be looked at, that order is returned.
    """
    events = _events(threads, operations, births, undone)
    start = (0,) * len(births)
    end = tuple(map(threads.count, range(len(births))))
    came_from: dict[_State, _State] = {}
    costs = {(start, -1): (0, 0)}
    queue = [((0, 0), 0, start, -1)]
    while queue:
        cost, turn, progress, last = heappop(queue)
        if cost > costs[progress, last]:
            continue
        if progress == end:
            return _path(came_from, progress, last)
        if len(costs) > MOST_STATES:
            break
        away = cost
        if last >= 0:
            away = cost[0] + 1, cost[1] + _could_go_on(events[last], progress, last, end)
        for thread, mine in enumerate(events):
            done = progress[thread]
            if done == end[thread] or not _ready(mine[done], progress):
                continue
            reached = (*progress[:thread], done + 1, *progress[thread + 1 :])
            more = cost if thread == last else away
            if (reached, thread) not in costs or more < costs[reached, thread]:
                costs[reached, thread] = more
                came_from[reached, thread] = (progress, last)
                # Of equals, the first thread comes first, and goes on for as long as it can.
                heappush(queue, (more, turn if thread == last else len(costs), reached, thread))
    return [*threads]


_State = tuple[tuple[int, ...], int]
"""How far each thread has come, and which went last."""
_Event = tuple[bool, dict[int, int]]
"""Whether it can block, and how far each other thread must have come before it."""


def _ready(event: _Event, progress: tuple[int, ...]) -> bool:
    return all(progress[other] >= least for other, least in event[1].items())


def _could_go_on(
    events: list[_Event], progress: tuple[int, ...], thread: int, end: tuple[int, ...]
) -> bool:
    """Whether it is a preemption that another thread goes on than this one.

    A step that the trace has later, and that can block, waits for what the trace has before it;
    one that was never taken waits since what came before it.
    """
    done = progress[thread]
    if done == len(events):
        return False
    blocking = events[done][0]
    return not blocking or _ready(events[done], progress) == (done < end[thread])


def _events(
    threads: Sequence[int],
    operations: Sequence[Operation],
    births: Sequence[int],
    undone: Sequence[Operation | None],
) -> list[list[_Event]]:
    """Each thread's events; what was never carried out comes as its last."""
    left = [(thread, step) for thread, step in enumerate(undone) if step is not None]
    threads = [*threads, *(thread for thread, _ in left)]
    operations = [*operations, *(step for _, step in left)]
    length = len(threads) - len(left)
    found: list[list[_Event]] = [[] for _ in births]
    for place, (thread, operation) in enumerate(zip(threads, operations, strict=True)):
        least: dict[int, int] = {}
        counts = [0] * len(found)
        started = births[thread] - 1 if not found[thread] else -1
        for number in range(min(place, length)):
            other = threads[number]
            counts[other] += 1
            if number == started or operations[number].conflicts & operation.bit:
                least[other] = counts[other]
        least.pop(thread, None)
        found[thread].append((operation.blocking, least))
    return found


def _path(came_from: dict[_State, _State], progress: tuple[int, ...], last: int) -> list[int]:
    path = []
    while last >= 0:
        path.append(last)
        progress, last = came_from[progress, last]
    path.reverse()
    return path
