"""Which schedules are enough to reach every outcome? One for each Mazurkiewicz trace.

Optimal dynamic partial order reduction with wakeup trees (Abdulla, Aronis, Jonsson, Sagonas:
"Source Sets: A Foundation for Optimal Dynamic Partial Order Reduction", JACM 64(4), 2017). After
each execution its races are looked for: two dependent events of different threads, with nothing
between them that orders them. For each race the other order is planned, as a branch at the place
of the first event, unless an execution that was run or is planned covers it already. Sleep sets
keep what was explored from being explored again. No execution is redundant.

Deviations:
- Happens-before is one bit mask of event numbers for each event rather than vector clocks. Of the
  earlier events that an event depends on, the latest races with it; what happens before that one
  is covered by it; then the latest of the rest, and so on.
- The reversed sequence is all that does not happen after the first event, up to the execution's
  end, and then the second event; so the planned schedules are longer than the paper's, and a race
  of the common prefix is looked at again when what follows it has changed.
- Locks block (the paper's section on blocking): an acquire races with the last event at which it
  could have been carried out instead, rather than with the release that enabled it. What is
  announced but never carried out, at a deadlock for instance, races as if it came at the end.
- Where objects can't be known again from one execution to another, or a plan leads to a thread
  that can't go on, it gives up, and says so in `doubtful`: then nothing is proved.
"""

from __future__ import annotations

from collections.abc import Sequence

from pytest_bankrace.runtime.operation import (
    ANYBODY,
    RELEASES,
    STOCK_TAKES,
    TAKES,
    Kind,
    Location,
    Operation,
)
from pytest_bankrace.strategy.protocol import REDUNDANT, Nondeterminism

MOST_EVENTS = 2_000
"""An execution that is longer has more interleavings than can be run; its races are not sought."""

_ON_STOCK = TAKES | RELEASES | STOCK_TAKES | {Kind.GIVE, Kind.LOCKED, Kind.LOOK}
_TAKES_WHEN_FREE = frozenset({Kind.ACQUIRE, Kind.REACQUIRE, Kind.TAKE})


class _Branch:
    """A step of a wakeup tree: what to do, and what to do after it."""

    __slots__ = ("children", "operation", "thread")

    def __init__(self, thread: int, operation: Operation) -> None:
        self.thread = thread
        self.operation = operation
        self.children: list[_Branch] = []


class _Met:
    """An operation that some execution came upon."""

    __slots__ = ("dependent", "events", "on_stock")

    def __init__(self, operation: Operation) -> None:
        self.events = 0
        """Its events in the current execution, as a mask."""
        self.dependent: list[_Met] = []
        """Those that it depends on."""
        self.on_stock = operation.kind in _ON_STOCK


class OptimalDpor:
    """All Mazurkiewicz traces, each by one execution."""

    name = "Optimal DPOR"
    exhaustive = True

    def __init__(self) -> None:
        self.doubtful = ""
        """Why the search has stopped before its end; empty while it is sound."""
        self.redundant = 0
        """Executions abandoned because all that could go on was explored already: none."""
        self._started = False
        self._depth = 0
        # For each event of the current execution:
        self._threads: list[int] = []
        self._operations: list[Operation] = []
        self._runnable: list[Sequence[int]] = []
        """The threads that could go on."""
        self._sleep: list[dict[int, Operation]] = []
        self._plan: list[list[_Branch]] = []
        """The branches at this place that are left; the first is the one being explored."""
        self._before: list[int] = []
        """The events that happen before it, itself included, as a mask."""
        self._free: list[int] = []
        """How many were left before it of the stock that it is about; a free lock is one."""
        self._races: list[list[int]] = []
        """The earlier events that it races with, but for those whose other order stays covered for
        as long as the prefix lives."""
        # Of the current execution:
        self._births: list[int] = []
        """For each thread, how many events there were when it was first seen."""
        self._pending: Sequence[Operation | None] = ()
        """What each thread has announced; at the end, what was never carried out."""
        self._shared = 0
        """How many of its events repeat those of an earlier one."""
        self._next_sleep: dict[int, Operation] = {}
        self._guide: list[_Branch] = []
        self._own: dict[int, list[int]] = {}
        """The events of each thread."""
        self._left: dict[Location, int] = {}
        self._met: dict[int, _Met] = {}
        """All operations of the search, by their bits."""

    def new_execution(self) -> bool:
        self._depth = 0
        if not self._started:
            self._started = True
            return True
        return bool(self._threads) and not self.doubtful

    @property
    def finished(self) -> bool:
        """Every interleaving was covered."""
        return self._started and not self._threads and not self.doubtful

    # -- During an execution

    def next_thread(
        self, runnable: Sequence[int], current: int, pending: Sequence[Operation | None]
    ) -> int:
        depth = self._depth
        self._depth = depth + 1
        self._pending = pending
        if depth < len(self._threads):
            thread = self._threads[depth]
            if thread in runnable and pending[thread] is self._operations[depth]:
                return thread
            return self._departed()
        return self._extend(runnable, current, pending)

    def _extend(
        self, runnable: Sequence[int], current: int, pending: Sequence[Operation | None]
    ) -> int:
        depth = len(self._threads)
        while len(self._births) < len(pending):
            self._births.append(depth)
        sleep = self._next_sleep
        if self._guide:
            branches, branch = self._guide, self._guide[0]
            thread = branch.thread
            if thread not in runnable or pending[thread] is not branch.operation:
                return self._departed()
            self._guide = branch.children
        else:
            thread = current
            if thread in sleep or thread not in runnable:
                thread = next((other for other in runnable if other not in sleep), REDUNDANT)
                if thread == REDUNDANT:
                    self.redundant += 1
                    return REDUNDANT
            branches = []
        operation = pending[thread]
        assert operation is not None
        if not branches:
            branches = [_Branch(thread, operation)]
        self._threads.append(thread)
        self._operations.append(operation)
        self._runnable.append(runnable)
        self._sleep.append(sleep)
        self._plan.append(branches)
        if sleep:
            self._next_sleep = _still_asleep(sleep, thread, operation)
        return thread

    def _departed(self) -> int:
        """Something else is announced than was expected: by the prefix, or by the plan."""
        if self._depth <= self._shared:
            raise Nondeterminism
        self.doubtful = "the search met something else than it had planned"
        return REDUNDANT

    # -- After an execution

    def end_execution(self) -> None:
        if len(self._threads) > MOST_EVENTS:
            self.doubtful = "the executions are too long for their races to be sought"
        if self.doubtful:
            return
        length = len(self._threads)
        for event in range(len(self._races), length):
            self._analyse(event)
        for event, races in enumerate(self._races):
            if races:
                thread, operation = self._threads[event], self._operations[event]
                races[:] = [
                    earlier
                    for earlier in races
                    if not self._reverse(earlier, event, thread, operation)
                ]
        for thread, left in enumerate(self._pending):
            if left is not None and thread < len(self._births):
                for earlier in self._rivals(self._meet(left), thread, left)[1]:
                    self._reverse(earlier, length, thread, left)
        self._backtrack()

    def _analyse(self, event: int) -> None:
        """Find out what happens before an event, and what it races with."""
        thread, operation = self._threads[event], self._operations[event]
        if operation.only not in (ANYBODY, thread):
            self.doubtful = "threads share an object that can't be told from others"
        met = self._meet(operation)
        before, races = self._rivals(met, thread, operation)
        free = 1
        if met.on_stock:
            place = operation.locations[0]
            free = self._left.get(place, operation.initial)
            after = free - (operation.takes and free > 0) + operation.gives
            self._left[place] = after if after <= operation.most else free
        self._free.append(free)
        self._before.append(before | 1 << event)
        self._races.append(races)
        met.events |= 1 << event
        self._own.setdefault(thread, []).append(event)

    def _meet(self, operation: Operation) -> _Met:
        """What is known of an operation, which may be new."""
        met = self._met.get(operation.bit)
        if met is None:
            met = self._met[operation.bit] = _Met(operation)
            dependent = operation.conflicts
            while dependent:
                bit = dependent & -dependent
                dependent ^= bit
                other = self._met.get(bit)
                if other is not None:
                    met.dependent.append(other)
                    if other is not met:
                        other.dependent.append(met)
        return met

    def _rivals(self, met: _Met, thread: int, operation: Operation) -> tuple[int, list[int]]:
        """What happens before an event, as a mask, and the earlier events that it races with."""
        own = self._own.get(thread)
        previous = own[-1] if own else self._births[thread] - 1
        program = before = self._before[previous] if previous >= 0 else 0
        dependent = 0
        for other in met.dependent:
            dependent |= other.events
        dependent &= ~program
        rivals: list[int] = []
        left = dependent
        while left:
            last = left.bit_length() - 1
            covered = self._before[last]
            before |= covered
            left &= ~covered
            rivals.append(last)
        if operation.blocking:
            rivals = self._openings(thread, operation, dependent, previous)
        return before, rivals

    def _openings(
        self, thread: int, operation: Operation, dependent: int, previous: int
    ) -> list[int]:
        """For a step that can block: the last events in whose place it could have been taken."""
        rivals: list[int] = []
        while dependent:
            last = dependent.bit_length() - 1
            if self._was_open(last, thread, operation, previous):
                rivals.append(last)
                dependent &= ~self._before[last]
            else:
                dependent ^= 1 << last
        return rivals

    def _was_open(self, event: int, thread: int, operation: Operation, previous: int) -> bool:
        """Whether the thread's step could have been taken just before the event."""
        if previous < event:
            return thread in self._runnable[event]  # it was announced by then
        return operation.kind in _TAKES_WHEN_FREE and self._free[event] > 0

    def _reverse(self, first: int, second: int, thread: int, operation: Operation) -> bool:
        """Plan the other order of a race, unless it is covered.

        True when it is covered by what comes before the second event, so that it stays covered.
        """
        threads, operations, before = self._threads, self._operations, self._before
        sleep, place = self._sleep[first], 1 << first
        sequence: list[tuple[int, Operation]] = []
        met: set[int] = set()
        touched = 0
        for event in range(first + 1, len(threads)):
            if before[event] & place:
                continue
            other, step = threads[event], operations[event]
            if other not in met:
                met.add(other)
                if other in sleep and not step.conflicts & touched:
                    return event < second
            touched |= step.bit
            sequence.append((other, step))
        if thread not in met:
            if thread in sleep and not operation.conflicts & touched:
                return True
            met.add(thread)
        touched |= operation.bit
        for other, step in sleep.items():
            if other not in met and not step.conflicts & touched:
                return False
        sequence.append((thread, operation))
        self._insert(self._plan[first], sequence)
        return False

    @staticmethod
    def _insert(branches: list[_Branch], sequence: list[tuple[int, Operation]]) -> None:
        """Add a sequence to a wakeup tree, unless one of its leaves covers it."""
        explored = 1  # the first event's own branch never leads the other order
        while True:
            for branch in branches[explored:]:
                position = _initial(branch, sequence)
                if position is None:
                    continue
                if position >= 0:
                    del sequence[position]
                if not branch.children:
                    return
                branches, explored = branch.children, 0
                break
            else:
                break
        for thread, operation in sequence:
            branch = _Branch(thread, operation)
            branches.append(branch)
            branches = branch.children

    def _backtrack(self) -> None:
        """Go back to the last event that has another branch, and take it."""
        plan = self._plan
        while plan:
            explored = plan[-1].pop(0)
            if plan[-1]:
                break
            plan.pop()
        else:
            self._threads.clear()
            return
        depth = len(plan) - 1
        self._forget(depth)
        branch = plan[-1][0]
        sleep = self._sleep[depth] = {
            **self._sleep[depth],
            explored.thread: explored.operation,
        }
        self._threads.append(branch.thread)
        self._operations.append(branch.operation)
        self._shared = depth
        self._guide = branch.children
        self._next_sleep = _still_asleep(sleep, branch.thread, branch.operation)

    def _forget(self, length: int) -> None:
        """Keep the first events only."""
        for event in range(len(self._threads) - 1, length - 1, -1):
            operation, thread = self._operations[event], self._threads[event]
            met = self._met[operation.bit]
            met.events ^= 1 << event
            self._own[thread].pop()
            if met.on_stock:
                self._left[operation.locations[0]] = self._free[event]
        for per_event in (
            self._threads,
            self._operations,
            self._before,
            self._free,
            self._races,
        ):
            del per_event[length:]
        del self._sleep[length + 1 :], self._runnable[length + 1 :]
        while self._births and self._births[-1] > length:
            self._births.pop()


def _still_asleep(
    sleep: dict[int, Operation], thread: int, operation: Operation
) -> dict[int, Operation]:
    """What stays asleep once an operation was carried out: what is independent of it."""
    dependent = operation.conflicts
    return {
        other: step for other, step in sleep.items() if other != thread and not step.bit & dependent
    }


def _initial(branch: _Branch, sequence: list[tuple[int, Operation]]) -> int | None:
    """Where a branch's step stands in a sequence that may begin with it.

    -1 if it is not in it and independent of it all; None if the sequence can't begin with it.
    """
    touched = 0
    for position, (thread, operation) in enumerate(sequence):
        if thread == branch.thread:
            return None if branch.operation.conflicts & touched else position
        touched |= operation.bit
    return None if branch.operation.conflicts & touched else -1
