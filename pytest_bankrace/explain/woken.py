"""Who has waited was woken, or its time was over: did it look again before it went on?

Between a notification and the moment at which the waiting thread has its lock again, others may
take what it was notified of: so the state is looked at again after each wait, by `while` in place
of `if`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from pytest_bankrace.explain.evidence import READ, Evidence, Explanation, overlap
from pytest_bankrace.explain.races import outcome
from pytest_bankrace.runtime.operation import Kind
from pytest_bankrace.verdict import Failing, Frame, StaleCheck

_IF = re.compile(r"(el)?if\b")
_WAIT, _WAKE, _REACQUIRE = Kind.WAIT.value, Kind.WAKE.value, Kind.REACQUIRE.value


@dataclass(frozen=True, slots=True)
class Woken:
    """A wait after which a thread did not look again."""

    check: int
    """The last read before the wait, made by an `if`."""
    line: Frame
    """That line."""
    wait: int
    on: int
    """The step by which it went on."""
    expired: bool
    """It was not notified: the time was over."""


def not_looked_again(evidence: Evidence, thread: int | None, before: int) -> Woken | None:
    """The last wait of a thread before a step, if it looked before it and not after it."""
    steps = evidence.steps
    mine = [i for i in range(before) if steps[i].thread == thread]
    on = next((i for i in reversed(mine) if steps[i].action == _REACQUIRE), None)
    if on is None:
        return None
    wait = max((i for i in mine if i < on and steps[i].action == _WAIT), default=-1)
    looks = [i for i in mine if i < wait and steps[i].action == READ]
    # The condition itself is read in order to wait on it.
    check = next((i for i in reversed(looks) if steps[i].frame != steps[wait].frame), None)
    if check is None:
        return None
    line = next((f for f in steps[check].frames if _IF.match(f.source)), None)
    if line is None:
        return None
    if any(i > on and steps[i].action == READ and line in steps[i].frames for i in mine):
        return None  # it did, in a loop around them both
    expired = any(steps[i].action == _WAKE and steps[i].value == "False" for i in mine if i > wait)
    return Woken(check, line, wait, on, expired)


def advice(evidence: Evidence, woken: Woken) -> str:
    """What happened, and what to write instead."""
    until = "its time was over" if woken.expired else "it was woken"
    return (
        f"{evidence.who(woken.wait)} waited{evidence.at(woken.wait)} until {until}, and went on"
        f" without looking again: `while` in place of `if` at {woken.line.place}."
    )


def went_on(evidence: Evidence, failing: Failing) -> Explanation | None:
    """Thread A waits for a condition, B takes what A is notified of, and A acts all the same."""
    steps = evidence.steps
    for write in reversed(evidence.writes()):
        woken = not_looked_again(evidence, steps[write].thread, write)
        if woken is None or not overlap(steps[woken.check].location, steps[write].location):
            continue
        who, target = evidence.who(write), steps[write].target
        read = evidence.read_behind(write)
        found = evidence.value(read) if read is not None and read > woken.on else None
        there = "" if found is None else f", and found {found}{evidence.at(write)}"
        what = (
            f"{target}. {who} waited because it was {evidence.value(woken.check)}, and acted on it"
            f" without looking again{outcome(failing)}"
        )
        taken = _taken(evidence, woken, write)
        why = f"{who} was notified"
        if woken.expired:
            why = f"The time {who} waited for was over"
        elif taken is not None:
            why += (
                f"; {evidence.who(taken)} was there first, and wrote {target} ←"
                f" {evidence.value(taken)}{evidence.at(taken)}"
            )
        return Explanation(
            StaleCheck(what, f"{why}; {who} went on{there}.", advice(evidence, woken)),
            frozenset({woken.check, woken.wait, woken.on, taken or write, write}),
        )
    return None


def _taken(evidence: Evidence, woken: Woken, write: int) -> int | None:
    """The last write of another thread between the wait and its end."""
    last = evidence.last_write(evidence.steps[write].location, woken.on)
    if last is None or last < woken.wait:
        return None
    return last
