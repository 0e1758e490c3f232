"""A thread waits on a condition for ever: did its notification come too early, or wake another?

A wake-up counts as lost when the state that the thread looked at before it waited is another one
by the end, and the condition was notified, but not for this thread; or when a flag was set that was
set already, so that two notifications tell of one thing. Where the state is as it was, or was never
notified of, nothing was lost: then nobody has done what it waits for.
"""

from __future__ import annotations

from dataclasses import dataclass

from pytest_bankrace.explain.evidence import (
    READ,
    WRITE,
    Evidence,
    Explanation,
    Place,
    at,
    overlap,
)
from pytest_bankrace.runtime.operation import Kind
from pytest_bankrace.verdict import LostWakeup, Waiting

NOBODY = "nobody"
_NOTIFY, _WAIT = Kind.NOTIFY.value, Kind.WAIT.value
_FORGETFUL = frozenset({"Condition", "Event"})
"""A semaphore, a barrier or a queue keeps what it was told, whether anybody waits or not."""


@dataclass(frozen=True, slots=True)
class _Looked:
    """What a thread saw before it waited, and what is there now."""

    read: int
    seen: str
    now: str


def lost_wakeup(evidence: Evidence) -> Explanation | None:
    """The explanation for the first thread whose wake-up was lost, if there is one."""
    for wait in evidence.trace.waiting:
        if wait.condition in _FORGETFUL and (found := _lost(evidence, wait)) is not None:
            return found
    return None


def _lost(evidence: Evidence, wait: Waiting) -> Explanation | None:
    steps = evidence.steps
    waited = next(
        (
            i
            for i in reversed(range(len(steps)))
            if steps[i].thread == wait.thread and steps[i].action == _WAIT
        ),
        None,
    )
    if waited is None or not evidence.complete:
        return None
    notified = [
        i
        for i, step in enumerate(steps)
        if step.action == _NOTIFY
        and step.location == steps[waited].location
        and step.thread != wait.thread
    ]
    if wait.condition == "Event":
        return _cleared(evidence, wait, waited, notified)
    looked = _changed_since(evidence, wait.thread, waited)
    later = [i for i in notified if i > waited and steps[i].value != NOBODY]
    if later and looked is not None:
        return _woke_another(evidence, wait, waited, later[-1], looked)
    early = [i for i in notified if i < waited]
    if looked is not None and early and early[-1] > looked.read:
        return _too_early(evidence, wait, waited, early[-1], looked)
    unheard = [i for i in early if steps[i].value == NOBODY]
    if unheard and (looked is not None or _never_looked(evidence, wait.thread, waited)):
        return _too_early(evidence, wait, waited, unheard[-1], looked)
    for notify in reversed(early):
        if (written := _said_already(evidence, wait.thread, waited, notify)) is not None:
            return _merged(evidence, wait, waited, notify, written)
    return None


def _too_early(
    evidence: Evidence, wait: Waiting, waited: int, notify: int, looked: _Looked | None
) -> Explanation:
    who = evidence.thread(wait.thread)
    absent = "nobody was" if evidence.steps[notify].value == NOBODY else f"{who} was not yet"
    what = (
        f"{who} waits on {wait.target}{at(wait.frames)} for a notification that came before:"
        f" {evidence.who(notify)} notified it{evidence.at(notify)} when {absent} waiting."
    )
    why = "A notification is not kept for those who begin to wait later."
    fateful = {notify, waited}
    if looked is not None:
        read = evidence.steps[looked.read]
        why = (
            f"{who} saw {read.target} = {looked.seen}{evidence.at(looked.read)}, and when it began"
            f" to wait, that was {looked.now}. {why}"
        )
        fateful.add(looked.read)
    look = (
        "Look at the state and wait under one and the same hold of the lock: with the lock taken,"
        " `while not …: wait()`."
    )
    return Explanation(LostWakeup(what, why, look), frozenset(fateful))


def _cleared(
    evidence: Evidence, wait: Waiting, waited: int, notified: list[int]
) -> Explanation | None:
    """An event that was set when nobody was waiting, and cleared before anybody had seen it."""
    steps = evidence.steps
    early = [i for i in notified if i < waited]
    if not early or steps[early[-1]].value != NOBODY:
        return None
    between = [i for i in range(early[-1], waited) if steps[i].target == wait.target]
    if any(steps[i].action == Kind.LOOK.value and steps[i].value == "True" for i in between):
        return None
    clear = next((i for i in between if steps[i].action == Kind.CHANGE.value), None)
    if clear is None:
        return None
    who = evidence.thread(wait.thread)
    what = (
        f"{who} waits for {wait.target} to be set{at(wait.frames)}: {evidence.who(early[-1])} had"
        f" set it{evidence.at(early[-1])} when nobody was waiting."
    )
    why = (
        f"{evidence.who(clear)} cleared it{evidence.at(clear)} before {who} came; set() wakes those"
        " who wait, and clear() takes it away from all who come later."
    )
    look = "Clear an event where it was waited for, or not at all."
    return Explanation(LostWakeup(what, why, look), frozenset({early[-1], clear, waited}))


def _woke_another(
    evidence: Evidence, wait: Waiting, waited: int, notify: int, looked: _Looked
) -> Explanation:
    who, woken = evidence.thread(wait.thread), evidence.steps[notify].value
    read = evidence.steps[looked.read]
    what = (
        f"{who} waits on {wait.target}{at(wait.frames)} for ever: the notification"
        f"{evidence.at(notify)} woke {woken}, and nobody else."
    )
    why = (
        f"{who} saw {read.target} = {looked.seen}{evidence.at(looked.read)} and waited; it is"
        f" {looked.now} now, and nobody tells {who}."
    )
    look = (
        "notify() wakes one of those who wait, and it may be one that can't use it: notify_all(),"
        " or a condition of its own for each thing that is waited for."
    )
    return Explanation(LostWakeup(what, why, look), frozenset({looked.read, waited, notify}))


def _merged(
    evidence: Evidence, wait: Waiting, waited: int, notify: int, written: int
) -> Explanation:
    who, step = evidence.thread(wait.thread), evidence.steps[written]
    value = evidence.value(written)
    what = (
        f"{who} waits on {wait.target}{at(wait.frames)} for ever: what {evidence.who(notify)}"
        f" notified it of{evidence.at(notify)} was lost."
    )
    why = (
        f"{evidence.who(written)} wrote {step.target} ← {value}{evidence.at(written)}, and that it"
        " was already: two notifications, and what they tell of is there once."
    )
    look = "Count, or keep in a list, what may be told of again before anybody has looked."
    return Explanation(LostWakeup(what, why, look), frozenset({written, notify, waited}))


def _said_already(evidence: Evidence, thread: int, waited: int, notify: int) -> int | None:
    """A write before a notification that changed nothing of what the thread looks at."""
    steps = evidence.steps
    looks = {s.location for s in steps[:waited] if s.thread == thread and s.action == READ}
    for write in reversed(range(notify)):
        step = steps[write]
        if step.thread != steps[notify].thread:
            continue
        if step.action == _NOTIFY:
            return None
        if step.action == WRITE and step.location in looks:
            value = evidence.value(write)
            return write if value is not None and value == _before(evidence, write) else None
    return None


def _before(evidence: Evidence, write: int) -> str | None:
    """What was there before a write, where another write put it there."""
    place = evidence.steps[write].location
    earlier = evidence.last_write(place, write)
    return None if earlier is None else evidence.value(earlier)


def _changed_since(evidence: Evidence, thread: int, waited: int) -> _Looked | None:
    """Something that the thread looked at last before it waited, and that is different now."""
    steps = evidence.steps
    known: set[Place] = set()
    for read in reversed(range(waited)):
        step = steps[read]
        if step.thread != thread or step.action not in (READ, WRITE) or step.location in known:
            continue
        known.add(step.location)
        if step.action == WRITE:
            continue
        written = any(
            later.action == WRITE and overlap(later.location, step.location)
            for later in steps[read + 1 :]
        )
        seen, now = evidence.shown(step.target, read), evidence.shown(step.target, len(steps) - 1)
        if written and seen is not None and now is not None and seen != now:
            return _Looked(read, seen, now)
    return None


def _never_looked(evidence: Evidence, thread: int, waited: int) -> bool:
    """Whether nothing that anybody writes was looked at before the wait."""
    written = {step.location for step in evidence.steps if step.action == WRITE}
    return not any(
        step.thread == thread
        and step.action == READ
        and any(overlap(step.location, place) for place in written)
        for step in evidence.steps[:waited]
    )
