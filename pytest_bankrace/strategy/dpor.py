"""Which schedules are enough to reach every outcome? One for each Mazurkiewicz trace.

Optimal dynamic partial order reduction with wakeup trees (Abdulla, Aronis, Jonsson, Sagonas:
"Source Sets: A Foundation for Optimal Dynamic Partial Order Reduction", JACM 64(4), 2017). After
each execution its races are looked for: two dependent events of different threads, with nothing
between them that orders them. For each race the other order is planned, as a branch at the place
of the first event, unless an execution that was run or is planned covers it already. Sleep sets
keep what was explored from being explored again. No execution is redundant.

Deviations:
- Happens-before is one bit mask of event numbers for each event rather than vector clocks.
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

from collections.abc import Iterator, Sequence

from pytest_bankrace.runtime.operation import ANYBODY, RELEASES, TAKES, Kind, Location, Operation
from pytest_bankrace.strategy.protocol import REDUNDANT, Nondeterminism

MOST_EVENTS = 2_000
"""An execution that is longer has more interleavings than can be run; its races are not sought."""

_WAITS_FOR_LOCK = frozenset({Kind.ACQUIRE, Kind.REACQUIRE})
_ON_LOCK = TAKES | RELEASES | {Kind.LOCKED}


class _Branch:
    """A step of a wakeup tree: what to do, and what to do after it."""

    __slots__ = ("children", "operation", "thread")

    def __init__(self, thread: int, operation: Operation) -> None:
        self.thread = thread
        self.operation = operation
        self.children: list[_Branch] = []


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
        self._runnable: list[int] = []
        """The threads that could go on, as a mask."""
        self._sleep: list[dict[int, Operation]] = []
        self._plan: list[list[_Branch]] = []
        """The branches at this place that are left; the first is the one being explored."""
        self._before: list[int] = []
        """The events that happen before it, itself included, as a mask."""
        self._free: list[bool] = []
        """Whether the lock that it is about was free before it."""
        self._races: list[tuple[int, ...]] = []
        """The earlier events that it races with."""
        self._settled: list[set[int]] = []
        """Those of them that stay covered for as long as the prefix lives."""
        # Of the current execution:
        self._births: list[int] = []
        """For each thread, how many events there were when it was first seen."""
        self._pending: Sequence[Operation | None] = ()
        """What each thread has announced; at the end, what was never carried out."""
        self._shared = 0
        """How many of its events repeat those of an earlier one."""
        self._next_sleep: dict[int, Operation] = {}
        self._guide: list[_Branch] = []
        self._present = 0
        self._events: dict[int, dict[int, list[int]]] = {}
        """The events of each operation, by its bit and the thread, in order."""
        self._own: dict[int, list[int]] = {}
        """The events of each thread."""
        self._busy: dict[Location, bool] = {}

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
            if pending[thread] is self._operations[depth] and thread in runnable:
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
            if pending[thread] is not branch.operation or thread not in runnable:
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
        self._runnable.append(sum(1 << other for other in runnable))
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
        new = len(self._races)
        for event in range(new, len(self._threads)):
            self._analyse(event)
        length = len(self._threads)
        for event in range(length):
            settled = self._settled[event]
            for earlier in self._races[event]:
                if earlier not in settled and self._reverse(
                    earlier, event, self._threads[event], self._operations[event]
                ):
                    settled.add(earlier)
        for thread, operation in enumerate(self._pending):
            if operation is not None and thread < len(self._births):
                for earlier in self._rivals(length, thread, operation)[1]:
                    self._reverse(earlier, length, thread, operation)
        self._backtrack()

    def _analyse(self, event: int) -> None:
        """Find out what happens before an event, and what it races with."""
        thread, operation = self._threads[event], self._operations[event]
        if operation.only not in (ANYBODY, thread):
            self.doubtful = "threads share an object that can't be told from others"
        before, races = self._rivals(event, thread, operation)
        free = True
        if operation.kind in _ON_LOCK:
            lock = operation.locations[0]
            free = not self._busy.get(lock, operation.held)
            if operation.kind is not Kind.LOCKED:
                self._busy[lock] = operation.kind in TAKES
        self._free.append(free)
        self._before.append(before | 1 << event)
        self._races.append(races)
        self._settled.append(set())
        self._present |= operation.bit
        self._events.setdefault(operation.bit, {}).setdefault(thread, []).append(event)
        self._own.setdefault(thread, []).append(event)

    def _rivals(self, event: int, thread: int, operation: Operation) -> tuple[int, tuple[int, ...]]:
        """What happens before an event, as a mask, and the earlier events that it races with."""
        own = self._own.get(thread)
        previous = own[-1] if own else self._births[thread] - 1
        program = before = self._before[previous] if previous >= 0 else 0
        rivals: list[int] = []
        for earlier in self._last_dependent(thread, operation):
            before |= self._before[earlier]
            if not operation.blocking and not program >> earlier & 1:
                rivals.append(earlier)
        if operation.blocking:
            rivals = [*self._openings(thread, operation, program, previous)]
        if len(rivals) > 1:
            rivals = [
                one
                for one in rivals
                if not any(self._before[other] >> one & 1 for other in rivals if other != one)
            ]
        return before, tuple(rivals)

    def _last_dependent(self, thread: int, operation: Operation) -> Iterator[int]:
        """The last event of each other thread for each operation that this one depends on."""
        dependent = operation.conflicts & self._present
        while dependent:
            bit = dependent & -dependent
            dependent ^= bit
            for other, events in self._events[bit].items():
                if other != thread and events:
                    yield events[-1]

    def _openings(
        self, thread: int, operation: Operation, program: int, previous: int
    ) -> Iterator[int]:
        """For a step that can block: the last events in whose place it could have been taken."""
        dependent = operation.conflicts & self._present
        while dependent:
            bit = dependent & -dependent
            dependent ^= bit
            for other, events in self._events[bit].items():
                if other == thread:
                    continue
                for earlier in reversed(events):
                    if program >> earlier & 1:
                        break
                    if self._was_open(earlier, thread, operation, previous):
                        yield earlier
                        break

    def _was_open(self, event: int, thread: int, operation: Operation, previous: int) -> bool:
        """Whether the thread's step could have been taken just before the event."""
        if previous < event:
            return bool(self._runnable[event] >> thread & 1)  # it was announced by then
        return operation.kind in _WAITS_FOR_LOCK and self._free[event]

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
            events = self._events[operation.bit]
            events[thread].pop()
            if not any(events.values()):
                self._present &= ~operation.bit
            self._own[thread].pop()
            if operation.kind in _ON_LOCK:
                self._busy[operation.locations[0]] = not self._free[event]
        for per_event in (
            self._threads,
            self._operations,
            self._before,
            self._free,
            self._races,
            self._settled,
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
