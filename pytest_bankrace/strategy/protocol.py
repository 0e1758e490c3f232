"""What must a search strategy answer? Three methods, no more.

After Shuttle's `Scheduler` trait. A strategy sees threads by number and operations by their
dependence; it never sees the program.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, Protocol

from pytest_bankrace.runtime.operation import Operation

REDUNDANT: Final = -1
"""Instead of a thread: this execution is equivalent to one that was explored; abandon it."""


class Nondeterminism(Exception):
    """An execution departed from the prefix that it was to repeat."""


class Strategy(Protocol):
    """Chooses one thread at each step of each execution."""

    name: str

    @property
    def exhaustive(self) -> bool:
        """It means to reach every state: an `always` predicate takes part as a thread."""
        ...

    def new_execution(self) -> bool:
        """Called before each execution; False when no schedule is left to explore."""
        ...

    def next_thread(
        self, runnable: Sequence[int], current: int, pending: Sequence[Operation | None]
    ) -> int:
        """The thread that goes on: one of `runnable` (ascending, never empty), or REDUNDANT.

        `current` is the thread that has just announced its next operation, or -1 when it has
        ended. `pending` holds each thread's announced operation by number, None for a thread
        that has ended.
        """
        ...

    def end_execution(self) -> None:
        """Called after each execution, however it ended."""
        ...
