"""What was found out about a scenario?

A verdict holds plain data only, names, lines and values: it outlives the execution it tells of.
"""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from enum import Enum


class Outcome(Enum):
    """What an exploration can say."""

    PROVED = "PROVED"
    """Every interleaving of this scenario was covered, and none failed."""
    SURVIVED = "SURVIVED"
    """None failed, but not every interleaving was covered: not a proof."""
    FAILED = "FAILED"
    """An interleaving fails; the verdict's finding and trace tell which bug and how."""
    INVALID = "INVALID"
    """The harness could not judge."""


@dataclass(frozen=True, slots=True)
class Frame:
    """A line of the student's code, or of the test's."""

    file: str
    line: int
    function: str
    source: str
    """The text of the line, stripped; empty where there is none."""

    @property
    def place(self) -> str:
        """`bank.py:14`, as reports name a line."""
        return f"{os.path.basename(self.file)}:{self.line}"


@dataclass(frozen=True, slots=True)
class Step:
    """One operation of one thread, as it happened."""

    thread: int
    """Its place in `Trace.threads`."""
    action: str
    """The word for what it does: the value of a `runtime.operation.Kind`."""
    target: str
    """What it does it to, by the name a student knows: `alice.balance`, `bank.lock`."""
    location: tuple[int, str]
    """The number of the object and the part of it: equal for the same place in memory."""
    frames: tuple[Frame, ...]
    """Where, innermost first."""
    value: str | None = None
    """What was read or written; for a lock, `True` or `False` as a try to acquire returned."""
    watched: tuple[str, ...] = ()
    """The values of `Trace.watched` after this step."""
    starts: int | None = None
    """The thread that it starts, by its place in `Trace.threads`."""
    lock: tuple[int, str] | None = None
    """The lock that a wait on a condition gives up, or takes again, as a location; the semaphore
    that is taken or given back."""
    call: str = ""
    """The library's function that it is a part of: `put`, where a queue takes its own lock."""

    @property
    def frame(self) -> Frame | None:
        return self.frames[0] if self.frames else None


@dataclass(frozen=True, slots=True)
class Waiting:
    """A thread that waits for ever."""

    thread: int
    target: str
    """The lock, the thread or the condition that it waits for."""
    holder: int | None
    """The thread that holds it, where one does."""
    frames: tuple[Frame, ...]
    taken: tuple[Frame, ...] = ()
    """Where the holder took it."""
    condition: str = ""
    """What kind of condition it waits on, where it is one: `Condition`, `Event`, `Queue.not_empty`:
    the class, and for the conditions of a queue their own name."""
    held: tuple[tuple[str, tuple[Frame, ...]], ...] = ()
    """What the waiting thread holds itself: each lock, and where it took it."""


@dataclass(frozen=True, slots=True)
class Trace:
    """One execution, step by step."""

    threads: tuple[str, ...]
    steps: tuple[Step, ...]
    watched: tuple[str, ...] = ()
    """The names of the values that are shown beside the steps."""
    initial: tuple[str, ...] = ()
    """What they were before the first step."""
    waiting: tuple[Waiting, ...] = ()
    omitted: int = 0
    """Steps at the beginning that are not kept, in a very long execution."""


class Symptom(Enum):
    """What was seen of a failure, before anybody asks why."""

    ALWAYS = "always does not hold"
    AT_END = "at_end does not hold"
    PREDICATE = "a predicate raised"
    ASSERTION = "an assertion failed in a thread"
    CRASH = "an exception left a thread"
    CYCLE = "threads wait for one another in a circle"
    SELF = "a thread waits for what it holds itself"
    ORPHAN = "a lock was never released by a thread that has ended"
    BLOCKED = "nobody can go on"
    ENDLESS = "a thread does not end"


@dataclass(frozen=True, slots=True)
class Comparison:
    """A comparison that does not hold: `alice.balance + bob.balance == 200`, with its values."""

    source: str
    left: str
    operator: str
    right: str


@dataclass(frozen=True, slots=True)
class Failing:
    """What a failing execution shows on its face; with the trace, what a diagnosis is made of."""

    symptom: Symptom
    thread: int | None = None
    """The thread that failed, or that holds the orphaned lock; its place in `Trace.threads`."""
    predicate: str = ""
    """`always` or `at_end`, where a predicate failed."""
    source: str = ""
    """The predicate's own text."""
    comparison: Comparison | None = None
    """Where the predicate or assertion is a comparison, and its values are known."""
    error: str = ""
    """`InsufficientFunds: 20 < 60`, where an exception was raised."""
    frames: tuple[Frame, ...] = ()
    """Where that was, innermost first."""
    unasked: bool = False
    """The exception is kept in a future that nobody asks."""
    lock: str = ""
    """The orphaned lock's name."""
    taken: tuple[Frame, ...] = ()
    """Where it was taken."""


@dataclass(frozen=True, slots=True)
class Finding:
    """Which bug was found: one of a closed family, the classes below."""

    what: str
    """One sentence, with the values."""
    why: str = ""
    look: str = ""
    """Where to look, and at what."""

    @property
    def name(self) -> str:
        """`Lost update`: the class's name in words."""
        words = "".join(f" {c.lower()}" if c.isupper() else c for c in type(self).__name__)
        return words.strip().capitalize()


class LostUpdate(Finding):
    """A write undid another thread's write that it had not seen."""


class StaleCheck(Finding):
    """A condition held when it was checked, and no longer when it was acted upon."""


class TornRead(Finding):
    """A reader saw one part before a change and another part after it."""


class InvariantViolated(Finding):
    """A predicate or an assertion fails, and no sharper name fits."""


class Deadlock(Finding):
    """Threads wait for one another in a circle, or for something that will never come."""


class SelfDeadlock(Finding):
    """A thread waits for a lock that it holds itself."""


class OrphanedLock(Finding):
    """A lock's holder ended without releasing it."""


class LostWakeup(Finding):
    """A notification came before the wait it was meant for."""


class Livelock(Finding):
    """A thread goes on for ever without getting anywhere."""


class ThreadCrashed(Finding):
    """An exception left a thread."""


class DataRace(Finding):
    """Two accesses to the same place, one of them a write, with no order between them."""


class Stuck(Finding):
    """No probe was reached for long: code that does not return, outside what is modelled."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What an exploration found out."""

    outcome: Outcome
    schedules: int
    """Executions that were run."""
    seconds: float
    seed: int
    finding: Finding | None = None
    reason: str = ""
    """Why a SURVIVED is not a proof, or why an INVALID could not be judged; a clause."""
    interleavings: int = 0
    """With PROVED: the interleavings there are, each counted once."""
    trace: Trace | None = None
    replay: str = ""
    """The token that runs the failing schedule again."""
    switches: tuple[int, int] = (0, 0)
    """Context switches of the failing schedule, as it was found and as it is shown."""
    notes: tuple[str, ...] = field(default=())
    fateful: frozenset[int] = frozenset()
    """The steps that decide it, by their places in the trace's steps: a report marks them."""

    def __str__(self) -> str:
        """`PROVED: all 20 interleavings`, as summaries say it."""
        if self.outcome is Outcome.PROVED:
            if self.interleavings == 1:
                return "PROVED: the only interleaving there is"
            return f"PROVED: all {self.interleavings:,} interleavings"
        if self.outcome is Outcome.SURVIVED:
            return f"SURVIVED {self.schedules:,} schedules, not a proof: {self.reason}"
        if self.outcome is Outcome.INVALID:
            return f"INVALID: {self.reason}"
        name = self.finding.name if self.finding else "failed"
        return f"FAILED: {name}, in schedule {self.schedules:,}"
