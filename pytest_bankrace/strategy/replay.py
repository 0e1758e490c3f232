"""Which schedule comes next, when it is one that was run before?"""

from __future__ import annotations

from collections.abc import Sequence

from pytest_bankrace.runtime.operation import Operation
from pytest_bankrace.strategy.protocol import Nondeterminism


class Replay:
    """One schedule, given as the thread of each step; after its end threads simply go on."""

    name = "replay"

    def __init__(self, threads: Sequence[int], *, exhaustive: bool = False, times: int = 1) -> None:
        self._threads = threads
        self.exhaustive = exhaustive
        """As the search was that the schedule comes from, so that its operations are the same."""
        self._depth = 0
        self._left = times

    def new_execution(self) -> bool:
        self._depth = 0
        self._left -= 1
        return self._left >= 0

    def next_thread(
        self, runnable: Sequence[int], current: int, pending: Sequence[Operation | None]
    ) -> int:
        depth = self._depth
        self._depth = depth + 1
        if depth < len(self._threads):
            if self._threads[depth] not in runnable:
                raise Nondeterminism
            return self._threads[depth]
        return current if current in runnable else runnable[0]

    def end_execution(self) -> None:
        pass
