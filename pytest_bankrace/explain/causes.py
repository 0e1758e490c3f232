"""Why could two threads get in each other's way: which lock was missing, and where?

The two sides are the fateful steps of one thread and those of the other. When a trace is cut
off at its beginning, a lock may have been taken before, and nothing is said.
"""

from __future__ import annotations

from pytest_bankrace.explain.evidence import RELEASE, SLEEP, TRIES, Evidence, Place, series

Side = tuple[int, ...]


def cause(evidence: Evidence, first: Side, second: Side) -> str:
    """One or two sentences, with the lines; empty when the trace does not show it."""
    if not evidence.complete or not first or not second:
        return ""
    one, other = _ever_held(evidence, first), _ever_held(evidence, second)
    if not one and not other:
        return _no_lock(evidence, first, second)
    if not one:
        return _one_side(evidence, second, first)
    if not other:
        return _one_side(evidence, first, second)
    shared = [lock for lock in one if lock in other]
    for lock in shared:
        for side in (first, second):
            if gap := _gap(evidence, side, lock):
                return gap
    return "" if shared else _different(evidence, first, second)


def _ever_held(evidence: Evidence, side: Side) -> dict[Place, int]:
    found: dict[Place, int] = {}
    for index in side:
        found.update(evidence.held[index])
    return found


def _no_lock(evidence: Evidence, first: Side, second: Side) -> str:
    places = evidence.places(sorted((*first, *second)))
    if not places:
        sentence = "No lock is held at any of these steps."
    elif len(places) == 1:
        sentence = f"{places[0]} reads and writes with no lock held."
    else:
        sentence = f"No lock is held at {series(places)}."
    return f"{sentence} {_refused(evidence, first, second) or _slept(evidence, first)}".strip()


def _one_side(evidence: Evidence, holds: Side, lacks: Side) -> str:
    locks = series(_names(evidence, holds))
    sentence = (
        f"{evidence.who(holds[0])} holds {locks}{_where(evidence, holds)}, but"
        f" {evidence.who(lacks[0])} holds no lock{_where(evidence, lacks)}: a lock keeps out only"
        " those who take it."
    )
    return f"{sentence} {_refused(evidence, lacks)}".strip()


def _gap(evidence: Evidence, side: Side, lock: Place) -> str:
    """Where a side that holds the lock at some of its steps is without it."""
    taken = [evidence.held[index].get(lock) for index in side]
    if len(set(taken)) == 1:
        return ""
    name = _name(evidence, _ever_held(evidence, side)[lock])
    who = evidence.who(side[0])
    if taken[0] is None:
        at = next(index for index in taken if index is not None)
        return (
            f"{who} {evidence.steps[side[0]].action}{_where(evidence, side[:1])} before it takes"
            f" {name}{_where(evidence, (at,))}: others may come in between."
        )
    thread = evidence.steps[side[0]].thread
    for index in range(side[0], side[-1]):
        step = evidence.steps[index]
        if step.thread == thread and step.action == RELEASE and step.location == lock:
            return (
                f"{who} releases {name}{_where(evidence, (index,))} after"
                f"{_where(evidence, side[:1], ' ')} and before"
                f"{_where(evidence, side[-1:], ' ')}: others may come in between."
            )
    return ""


def _different(evidence: Evidence, first: Side, second: Side) -> str:
    one, other = _names(evidence, first), _names(evidence, second)
    if one == other:
        return (
            f"Each of the two holds its own lock, {series(one)}: these are different locks, and"
            " they do not keep each other out."
        )
    return (
        f"{evidence.who(first[0])} holds {series(one)}{_where(evidence, first)}, and"
        f" {evidence.who(second[0])} holds {series(other)}{_where(evidence, second)}: different"
        " locks do not keep each other out."
    )


def _refused(evidence: Evidence, *sides: Side) -> str:
    told = (went_on_without(evidence, evidence.steps[s[0]].thread, s[-1]) for s in sides)
    return next(filter(None, told), "")


def went_on_without(evidence: Evidence, thread: int, before: int) -> str:
    """A lock that a thread tried to take before a step, did not get, and went on without."""
    for index in reversed(range(before)):
        step = evidence.steps[index]
        if step.thread == thread and step.action in TRIES:
            if step.value != "False":
                return ""
            return (
                f"{evidence.who(index)} tried to acquire {step.target}"
                f"{_where(evidence, (index,))}, did not get it (False), and went on without it."
            )
    return ""


def _slept(evidence: Evidence, side: Side) -> str:
    for index in range(side[-1]):
        step = evidence.steps[index]
        if step.action == SLEEP and step.frame is not None:
            return f"The sleep at {step.frame.place} keeps nobody out."
    return ""


def _names(evidence: Evidence, side: Side) -> list[str]:
    taken = _ever_held(evidence, side).values()
    return list(dict.fromkeys(_name(evidence, index) for index in sorted(taken)))


def _name(evidence: Evidence, taken: int) -> str:
    return evidence.steps[taken].target


def _where(evidence: Evidence, side: Side, word: str = " at ") -> str:
    places = evidence.places(side)
    return f"{word}{series(places)}" if places else ""
