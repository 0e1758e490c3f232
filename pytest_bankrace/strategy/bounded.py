"""Which schedule comes next, in order of the number of switches that nothing forced?

Context bounding (Musuvathi, Qadeer: "Iterative Context Bounding for Systematic Testing of
Multithreaded Programs", PLDI 2007): a depth-first search over all schedules with at most `bound`
preemptions, that is, switches away from a thread that could have gone on. Most bugs need one or
two, and the first failing schedule found is nearly the simplest.

Without a bound the search covers every interleaving, and then sleep sets (Godefroid: "Partial-
Order Methods for the Verification of Concurrent Systems", LNCS 1032, 1996) cut the ones that
differ only in the order of independent operations: each Mazurkiewicz trace is completed exactly
once. Under a bound sleep sets would be unsound (the one schedule left of a trace may need more
switches than the one cut), so there are none.

Deviation: no switch is made between a thread's begin and its first operation, since switching
before the begin is the same schedule.
"""

from __future__ import annotations

from collections.abc import Sequence

from pytest_bankrace.runtime.operation import Kind, Operation
from pytest_bankrace.strategy.protocol import REDUNDANT, Nondeterminism


class _Node:
    """One step of the current schedule, and what is still to be tried in its place."""

    __slots__ = ("operation", "sleep", "spent", "thread", "todo")

    def __init__(
        self,
        thread: int,
        operation: Operation,
        todo: list[tuple[int, int]],
        spent: int,
        sleep: dict[int, Operation],
    ) -> None:
        self.thread = thread
        self.operation = operation
        self.todo = todo
        """Alternatives: thread, and the switches spent when it is chosen; the last comes next."""
        self.spent = spent
        self.sleep = sleep


class Bounded:
    """All schedules with at most `bound` preemptions; all interleavings when it is None."""

    def __init__(self, bound: int | None) -> None:
        self.name = "exhaustive search" if bound is None else f"up to {bound} switches"
        self.exhaustive = bound is None
        self.cut = False
        """True once a schedule was left out for having too many switches."""
        self._bound = bound
        self._path: list[_Node] = []
        self._depth = 0
        self._started = False

    def new_execution(self) -> bool:
        self._depth = 0
        if not self._started:
            self._started = True
            return True
        return bool(self._path)

    @property
    def finished(self) -> bool:
        """Every schedule within the bound was run."""
        return self._started and not self._path

    def next_thread(
        self, runnable: Sequence[int], current: int, pending: Sequence[Operation | None]
    ) -> int:
        depth = self._depth
        self._depth = depth + 1
        if depth < len(self._path):
            node = self._path[depth]
            thread = node.thread
            operation = pending[thread] if thread in runnable else None
            if operation is None:
                raise Nondeterminism  # it may not even be there
            if node.operation is None:
                node.operation = operation
            elif operation is not node.operation:
                raise Nondeterminism
            return thread
        return self._extend(runnable, current, pending)

    def _extend(
        self, runnable: Sequence[int], current: int, pending: Sequence[Operation | None]
    ) -> int:
        spent, sleep, order = 0, {}, runnable
        last = self._path[-1] if self._path else None
        if last is not None:
            spent = last.spent
            if last.sleep:
                dependent = last.operation.conflicts
                sleep = {
                    thread: operation
                    for thread, operation in last.sleep.items()
                    if thread != last.thread and not operation.bit & dependent
                }
        preempts = current in runnable
        if preempts and len(runnable) > 1:
            begun = last is not None and last.operation.kind is Kind.BEGIN
            if self._bound is not None and begun:
                order = (current,)
            elif self._bound is not None and spent >= self._bound:
                self.cut = True
                order = (current,)
            else:
                order = (current, *(thread for thread in runnable if thread != current))
        if sleep:
            order = [thread for thread in order if thread not in sleep]
            if not order:
                return REDUNDANT
        todo = [(t, spent + (preempts and t != current)) for t in reversed(order)]
        thread, spent = todo.pop()
        operation = pending[thread]
        assert operation is not None
        self._path.append(_Node(thread, operation, todo, spent, sleep))
        return thread

    def end_execution(self) -> None:
        path = self._path
        del path[self._depth :]
        while path:
            node = path[-1]
            if node.todo:
                if self._bound is None:
                    node.sleep = {**node.sleep, node.thread: node.operation}
                node.thread, node.spent = node.todo.pop()
                node.operation = None  # type: ignore[assignment]  # met when it is next reached
                return
            path.pop()
