"""Which schedule comes next, so that every order of the steps that matter is equally likely?

Selectively Uniform Random Walk (Zhao, Wolff, Mathur, Roychoudhury: "Selectively Uniform
Concurrency Testing", ASPLOS 2025). A thread is drawn with a probability in proportion to the
interesting steps that it has left, and takes the next interesting step; until it does, the others
go on up to theirs, by chance. So each interleaving of interesting steps is as likely as any other,
however long the threads are in between: a wide window is hit as often as a narrow one.

Interesting are, in each execution, the steps that depend on one step drawn from those of an earlier
execution that another thread's depend on.

Deviations:
- The counts are those of the execution before, rather than of a profiling phase of its own; the
  first execution has none, and is a random walk.
- A thread that is not started yet has no part in its starter's count.
- Where the drawn thread can't go on and all others are held back, one of those is drawn instead.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from functools import reduce
from operator import or_
from random import Random

from pytest_bankrace.runtime.operation import Operation

_NOBODY = -1


class SelectivelyUniformRandomWalk:
    """Never runs dry: the budget ends it."""

    name = "SURW"
    exhaustive = False

    def __init__(self, seed: int) -> None:
        self._random = Random(seed)
        self._done: list[Counter[Operation]] = []
        """For each thread, how often it took each step in this execution."""
        self._interesting = 0
        """The interesting steps, as a mask of their bits."""
        self._left: list[int] = []
        """For each thread, how many interesting steps it is expected to have left."""
        self._drawn = _NOBODY

    def new_execution(self) -> bool:
        before, self._done = self._done, []
        self._drawn = _NOBODY
        touched = [reduce(or_, (step.bit for step in mine), 0) for mine in before]
        racing = [
            step
            for thread, mine in enumerate(before)
            for step in mine
            if any(step.conflicts & bits for t, bits in enumerate(touched) if t != thread)
        ]
        if racing:
            chosen = self._random.choice(racing)
            self._interesting = chosen.bit | chosen.conflicts
        self._left = [
            sum(count for step, count in mine.items() if step.bit & self._interesting)
            for mine in before
        ]
        return True

    def next_thread(
        self, runnable: Sequence[int], current: int, pending: Sequence[Operation | None]
    ) -> int:
        while len(self._done) < len(pending):
            self._done.append(Counter())
        if self._drawn == _NOBODY or pending[self._drawn] is None:
            self._draw([thread for thread, step in enumerate(pending) if step is not None])
        free = [t for t in runnable if t == self._drawn or not self._is_interesting(pending[t])]
        if not free:
            self._draw(runnable)
            free = [self._drawn]
        thread = free[int(self._random.random() * len(free))]
        step = pending[thread]
        assert step is not None
        self._done[thread][step] += 1
        if self._is_interesting(step):
            if thread < len(self._left):
                self._left[thread] -= 1
            self._drawn = _NOBODY
        return thread

    def end_execution(self) -> None:
        pass

    def _is_interesting(self, step: Operation | None) -> bool:
        return step is not None and bool(step.bit & self._interesting)

    def _draw(self, threads: Sequence[int]) -> None:
        left = self._left
        weights = [max(left[t], 0) if t < len(left) else 0 for t in threads]
        self._drawn = self._random.choices(threads, weights if any(weights) else None)[0]
