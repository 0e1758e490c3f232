"""Which schedule comes next, by chance: at each step any runnable thread, all alike.

The random walk is the baseline of every sampler: simple, fair to spinning threads, and good at
bugs that many schedules show. Its weakness: a thread with many steps is rarely delayed long.
"""

from __future__ import annotations

from collections.abc import Sequence
from random import Random

from pytest_bankrace.runtime.operation import Operation


class RandomWalk:
    """Never runs dry: the budget ends it."""

    name = "random walk"
    exhaustive = False

    def __init__(self, seed: int) -> None:
        self._random = Random(seed).random

    def new_execution(self) -> bool:
        return True

    def next_thread(
        self, runnable: Sequence[int], current: int, pending: Sequence[Operation | None]
    ) -> int:
        return runnable[int(self._random() * len(runnable))]

    def end_execution(self) -> None:
        pass
