"""Which bug is this, why did it happen, and what is to be looked at?

From a trace to the one right name and its evidence. Where the evidence for a sharper name is
not clear, it is InvariantViolated with the facts, never a guess.
"""

from __future__ import annotations

from pytest_bankrace.explain.blocked import deadlock, nobody, orphaned, self_deadlock
from pytest_bankrace.explain.causes import went_on_without
from pytest_bankrace.explain.evidence import (
    READ,
    RELEASE,
    TRIES,
    WRITE,
    Evidence,
    Explanation,
    at,
    overlap,
    series,
    sides,
    told_apart,
)
from pytest_bankrace.explain.races import race
from pytest_bankrace.explain.woken import advice, not_looked_again, went_on
from pytest_bankrace.verdict import (
    Failing,
    InvariantViolated,
    Livelock,
    Symptom,
    ThreadCrashed,
    Trace,
)

__all__ = ["Explanation", "diagnose"]

_LOOP = 12
"""Steps of a thread that are looked at for the loop it goes round in."""


def diagnose(trace: Trace, failing: Failing) -> Explanation:
    """The finding, and the steps that decide it. Any trace gives one, and never an exception."""
    evidence = Evidence(told_apart(trace))
    match failing.symptom:
        case Symptom.CYCLE:
            return deadlock(evidence, failing)
        case Symptom.SELF:
            return self_deadlock(evidence, failing)
        case Symptom.BLOCKED:
            return nobody(evidence, failing)
        case Symptom.ORPHAN:
            return orphaned(evidence, failing)
        case Symptom.ENDLESS:
            return _endless(evidence, failing)
        case Symptom.CRASH:
            return _crashed(evidence, failing)
        case Symptom.PREDICATE:
            return _predicate_raised(evidence, failing)
    return race(evidence, failing) or went_on(evidence, failing) or _violated(evidence, failing)


# -- No sharper name


def _violated(evidence: Evidence, failing: Failing) -> Explanation:
    if failing.symptom is Symptom.ASSERTION:
        where = at(failing.frames)
        what = f"{evidence.thread(failing.thread)}: {_first_line(failing.error)}{where}."
    else:
        what = _does_not_hold(failing)
    writes = evidence.writes()
    if not writes:
        return Explanation(InvariantViolated(what, "No shared value was written before."))
    last = writes[-1]
    step, value = evidence.steps[last], evidence.value(last)
    wrote = step.target if value is None else f"{step.target} ← {value}"
    if failing.symptom is Symptom.ALWAYS:
        why = f"It was first seen to fail after {evidence.who(last)} wrote {wrote}"
    else:
        why = f"The last write before that: {evidence.who(last)} wrote {wrote}"
    return Explanation(InvariantViolated(what, f"{why}{evidence.at(last)}."), frozenset({last}))


def _does_not_hold(failing: Failing) -> str:
    source = failing.source or failing.predicate or "the condition"
    when = " at the end" if failing.symptom is Symptom.AT_END else ""
    compared = sides(failing)
    if compared is None:
        detail = f": {_first_line(failing.error)}" if failing.error else ""
        return f"`{source}` does not hold{when}{detail}."
    left, operator, right = compared
    conjunct = failing.comparison.source if failing.comparison is not None else source
    return f"`{conjunct}` does not hold{when}: {left} {operator} {right} is false."


def _predicate_raised(evidence: Evidence, failing: Failing) -> Explanation:
    which = failing.predicate or "a predicate"
    what = f"`{which}` raised {_first_line(failing.error) or 'an exception'}{at(failing.frames)}."
    why = (
        "So it can't be said whether it holds."
        if not failing.source
        else (f"So it can't be said whether `{failing.source}` holds.")
    )
    writes = evidence.writes()[-1:]
    return Explanation(InvariantViolated(what, why), frozenset(writes))


def _first_line(error: str) -> str:
    """`AssertionError: assert 140 == 200`, without the lines that pytest puts below it."""
    return error.strip().partition("\n")[0].rstrip(" .")


# -- An exception


def _crashed(evidence: Evidence, failing: Failing) -> Explanation:
    who = evidence.thread(failing.thread)
    error = _first_line(failing.error) or "an exception left the thread"
    what = f"{who}: {error}{at(failing.frames)}."
    if failing.unasked:
        why = (
            "A future keeps the exception of its task until it is asked by result() or"
            " exception(), and nobody asks this one: without this test, nobody would know."
        )
        return Explanation(ThreadCrashed(what, why, "Ask each future for its result."))
    why, fateful = _released_by_another(evidence, failing) or _changed_beneath(evidence, failing)
    look = ""
    if fateful:
        first = min(fateful)
        look = went_on_without(evidence, evidence.steps[first].thread, first)
    if (woken := not_looked_again(evidence, failing.thread, len(evidence.steps))) is not None:
        look = advice(evidence, woken)
        fateful = fateful | {woken.check, woken.wait, woken.on}
    held = evidence.left_held(failing.thread)
    if held:
        locks = series(
            f"{evidence.steps[taken].target}{evidence.at(taken)}" for taken in held.values()
        )
        left = f"{who} left without releasing {locks}; whoever needs it next waits for ever."
        look = f"{look} {left}".strip()
        fateful = fateful | frozenset(held.values())
    return Explanation(ThreadCrashed(what, why, look), fateful)


def _released_by_another(evidence: Evidence, failing: Failing) -> tuple[str, frozenset[int]] | None:
    """Whether the crash is the release of a lock that another thread has released before."""
    mine = [i for i, step in enumerate(evidence.steps) if step.thread == failing.thread]
    if not mine or evidence.steps[mine[-1]].action != RELEASE or "release" not in failing.error:
        return None
    lock = evidence.steps[mine[-1]].location
    for index in reversed(range(mine[-1])):
        step = evidence.steps[index]
        if step.location == lock and step.action == RELEASE:
            if step.thread == failing.thread:
                return None
            why = (
                f"{evidence.who(index)} had released {step.target}{evidence.at(index)}, although"
                f" {evidence.thread(failing.thread)} held it."
            )
            return why, frozenset({index, mine[-1]})
    return None


def _changed_beneath(evidence: Evidence, failing: Failing) -> tuple[str, frozenset[int]]:
    """Another thread's write to something the crashed thread had looked at, the latest first."""
    steps, looked = evidence.steps, {}
    for index, step in enumerate(steps):
        if step.thread == failing.thread and step.action == READ:
            looked[step.location] = index
    for write in reversed(evidence.writes()):
        if steps[write].thread == failing.thread:
            continue
        for place, read in reversed(looked.items()):
            earlier = next(
                (
                    i
                    for i in reversed(range(write))
                    if steps[i].thread == failing.thread
                    and steps[i].action == READ
                    and overlap(steps[i].location, steps[write].location)
                ),
                None,
            )
            if earlier is not None and overlap(place, steps[write].location):
                why = (
                    f"{evidence.who(earlier)} looked at {steps[earlier].target}"
                    f"{evidence.at(earlier)}, then {evidence.who(write)} changed"
                    f" {steps[write].target}{evidence.at(write)}, and then it failed."
                )
                return why, frozenset({earlier, write, read})
    return "", frozenset()


# -- A loop without end


def _endless(evidence: Evidence, failing: Failing) -> Explanation:
    thread = failing.thread
    mine = [i for i, step in enumerate(evidence.steps) if step.thread == thread][-_LOOP:]
    frames = failing.frames or (evidence.steps[mine[-1]].frames if mine else ())
    line = f" `{frames[0].source}`" if frames and frames[0].source else ""
    where = f": it goes round at {frames[0].place}{line}" if frames else ""
    what = f"{evidence.thread(thread)} does not end{where}."
    seen = dict.fromkeys(_looks(evidence, mine))
    why = f"Again and again, it {series(list(seen)[:4])}." if seen else ""
    look = "Nothing that it looks at there changes any more."
    wrote = any(evidence.steps[i].action == WRITE for i in mine)
    return Explanation(
        Livelock(what, why, "" if wrote or not seen else look),
        frozenset(i for i in range(len(evidence.steps)) if _alike(evidence, i, mine)),
    )


def _alike(evidence: Evidence, index: int, mine: list[int]) -> bool:
    """Whether a step is one turn of what `mine` shows."""
    step = evidence.steps[index]
    return any(
        (step.thread, step.action, step.location, step.frames)
        == (other.thread, other.action, other.location, other.frames)
        for other in (evidence.steps[i] for i in mine)
    )


def _looks(evidence: Evidence, mine: list[int]) -> list[str]:
    """What a thread does in its loop, in words."""
    told = []
    for index in mine:
        step, value = evidence.steps[index], evidence.value(index)
        if step.action in TRIES and value == "False":
            told.append(f"tries to acquire {step.target} and does not get it{evidence.at(index)}")
        elif step.action == READ:
            sees = f" → {value}" if value is not None else ""
            told.append(f"reads {step.target}{sees}{evidence.at(index)}")
        elif step.action == WRITE:
            told.append(f"writes {step.target}{evidence.at(index)}")
        else:
            told.append(f"{step.action} {step.target}{evidence.at(index)}")
    return told
