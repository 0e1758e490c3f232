"""How did one execution end?"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum

from pytest_bankrace.runtime.operation import Operation
from pytest_bankrace.runtime.waits import Blockage, Lockable, Stock, Task, Wait


class Unwind(BaseException):
    """Raised at a pending probe to bring a thread of a finished execution to its end."""


class Deferred(BaseException):
    """A predicate needs a lock that is held: it can't be judged at this step."""

    def __init__(self, lock: Lockable | Stock) -> None:
        self.lock = lock


class Ending(Enum):
    """What ended an execution that did not simply finish."""

    ALWAYS = "always does not hold"
    AT_END = "at_end does not hold"
    PREDICATE = "a predicate raised"
    ASSERTION = "an assertion failed in a thread"
    CRASH = "an exception left a thread"
    BLOCKED = "nobody can go on"
    ORPHAN = "a lock was never released"
    ENDLESS = "a thread does not end"
    # The harness can't judge:
    STUCK = "no probe was reached for long"
    SETUP = "setup raised"
    UNMODELLED = "something that is not modelled was used"
    NONDETERMINISM = "the execution departed from the one it repeats"


INVALID = frozenset({Ending.STUCK, Ending.SETUP, Ending.UNMODELLED, Ending.NONDETERMINISM})


@dataclass(frozen=True, slots=True)
class Failure:
    """The end of a failing execution, with what shows why."""

    ending: Ending
    task: Task | None = None
    error: BaseException | None = None
    predicate: str = ""
    """`always` or `at_end`, where a predicate is what failed."""
    blockage: Blockage | None = None
    waits: tuple[Wait, ...] = ()
    lock: Lockable | Stock | None = None
    message: str = ""
    unasked: bool = False
    """The exception is kept in a future that nobody asks."""
    since: int | None = None
    """Where in the schedule an endless loop began, if it was found by counting operations."""


@dataclass(slots=True)
class Execution:
    """One execution: its schedule and how it ended."""

    threads: list[int]
    operations: list[Operation] = field(default_factory=list)
    """What each of these did."""
    failure: Failure | None = None
    redundant: bool = False
    """Abandoned, because an equivalent execution was explored."""
    cut: str = ""
    """Why this execution does not count towards a proof; empty when it does."""
    instrumented: bool = True
