"""Which schedule comes next, by priorities that are drawn anew after each race?

Partial Order Sampling (Yuan, Yang, Gu: "Partial Order Aware Concurrency Sampling", CAV 2018).
Each announced operation gets a random priority; the highest goes on. Once it ran, the priorities
of the operations that depend on it are drawn again, so that the order of each pair of racing
operations is chosen afresh, and long stretches of independent ones do not water the choice down.
No deviation: an operation that is announced later draws when it is first looked at.
"""

from __future__ import annotations

from collections.abc import Sequence
from random import Random

from pytest_bankrace.runtime.operation import Operation


class PartialOrderSampling:
    """Never runs dry: the budget ends it."""

    name = "POS"
    exhaustive = False

    def __init__(self, seed: int) -> None:
        self._random = Random(seed).random
        self._priority: dict[int, float] = {}

    def new_execution(self) -> bool:
        self._priority.clear()
        return True

    def next_thread(
        self, runnable: Sequence[int], current: int, pending: Sequence[Operation | None]
    ) -> int:
        priority = self._priority
        best, highest = runnable[0], -1.0
        for thread in runnable:
            mine = priority.get(thread)
            if mine is None:
                mine = priority[thread] = self._random()
            if mine > highest:
                best, highest = thread, mine
        chosen = pending[best]
        assert chosen is not None
        priority.pop(best)
        for thread in [*priority]:
            operation = pending[thread]
            if operation is None or operation.bit & chosen.conflicts:
                del priority[thread]
        return best

    def end_execution(self) -> None:
        pass
