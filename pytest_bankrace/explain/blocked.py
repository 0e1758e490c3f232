"""Who can't go on, and whom are they waiting for? Deadlocks and locks left behind, as sentences."""

from __future__ import annotations

from pytest_bankrace.explain.evidence import (
    TAKES,
    Evidence,
    Explanation,
    at,
    function_name,
    series,
)
from pytest_bankrace.explain.wakeups import lost_wakeup
from pytest_bankrace.verdict import (
    Deadlock,
    Failing,
    Finding,
    Frame,
    OrphanedLock,
    SelfDeadlock,
    Waiting,
)

_FOR = {
    "Semaphore": "to be released",
    "BoundedSemaphore": "to be released",
    "Event": "to be set",
    "Barrier": "to be full",
    "Future": "to be done",
    **{
        f"{queue}.{part}": wanted
        for queue in ("Queue", "LifoQueue", "PriorityQueue")
        for part, wanted in (
            ("not_empty", "to have an item"),
            ("not_full", "to have room"),
            ("all_tasks_done", "to be done"),
        )
    },
    "SimpleQueue": "to have an item",
}
"""What a thread waits for that waits on one of these; on a plain condition, to be notified."""


def deadlock(evidence: Evidence, failing: Failing) -> Explanation:
    """The circle as a sentence; without one, each thread and what it waits for."""
    circle = _circle(evidence.trace.waiting)
    if not circle:
        return nobody(evidence, failing)
    told = []
    taken: dict[int, tuple[str, tuple[Frame, ...]]] = {}
    for position, wait in enumerate(circle):
        wanted = circle[position - 1]  # whoever stands before it in the circle waits for it
        taken[wait.thread] = (wanted.target, wanted.taken)
        who = evidence.thread(wait.thread)
        if _joins(evidence, wanted):
            told.append(f"{who} {_waits(evidence, wait)}")
        else:
            told.append(
                f"{who} holds {wanted.target}{at(wanted.taken)} and {_waits(evidence, wait)}"
            )
    why = "Each waits for the next, and none lets go of what it holds: they wait for ever."
    locks = all(not _joins(evidence, wait) for wait in circle)
    look = ""
    if locks and len(circle) == 2:
        one, other = circle[1].target, circle[0].target
        look = (
            f"The same two locks are taken in opposite orders: {one} and then {other} by"
            f" {evidence.thread(circle[0].thread)}, the other way round by"
            f" {evidence.thread(circle[1].thread)}."
        )
        if _same_lines(circle):
            look += " Both run the same lines, with the two the other way round."
    elif locks:
        look = "The locks are not taken in the same order by all threads."
    else:
        look = "A thread is waited for while a lock is held that it needs in order to end."
    return Explanation(
        Deadlock(f"{'; '.join(told)}.", why, look),
        frozenset(_takings(evidence, circle)),
    )


def _same_lines(circle: list[Waiting]) -> bool:
    lines = {(wait.taken[:1], wait.frames[:1]) for wait in circle}
    return len(lines) == 1 and all(wait.taken and wait.frames for wait in circle)


def _circle(waiting: tuple[Waiting, ...]) -> list[Waiting]:
    """The waits that form a circle, each for the next one's thread."""
    by_thread = {wait.thread: wait for wait in waiting}
    for start in waiting:
        path = [start]
        while (holder := path[-1].holder) is not None and holder in by_thread:
            ahead = by_thread[holder]
            if ahead in path:
                circle = path[path.index(ahead) :]
                first = min(range(len(circle)), key=lambda i: circle[i].thread)
                return circle[first:] + circle[:first] if len(circle) > 1 else []
            path.append(ahead)
    return []


def _takings(evidence: Evidence, waits: list[Waiting]) -> set[int]:
    """The steps that took what the waiting threads now wait for."""
    found = set()
    for wait in waits:
        for taken in evidence.left_held(wait.holder).values():
            if evidence.steps[taken].target == wait.target:
                found.add(taken)
    return found


def _joins(evidence: Evidence, wait: Waiting) -> bool:
    """Whether it waits for a thread's end, and not for a lock."""
    return (
        not wait.taken and wait.holder is not None and (wait.target == evidence.thread(wait.holder))
    )


def _waits(evidence: Evidence, wait: Waiting) -> str:
    for_what = _FOR.get(wait.condition, "to be notified") if wait.condition else ""
    if _joins(evidence, wait):
        for_what = "to end"
    return f"waits for {wait.target}{for_what and ' '}{for_what}{at(wait.frames)}"


def self_deadlock(evidence: Evidence, failing: Failing) -> Explanation:
    """Where the lock was taken first, where again, and by which calls."""
    waits = evidence.trace.waiting
    wait = next((wait for wait in waits if wait.holder == wait.thread), None)
    if wait is None:
        return nobody(evidence, failing, SelfDeadlock)
    who = evidence.thread(wait.thread)
    what = (
        f"{who} waits for {wait.target}{at(wait.frames)}, which it holds itself"
        f"{_since(wait.taken)}."
    )
    calls = _calls(wait)
    how = f"{calls}, which takes the same lock again." if calls else "It takes the lock twice."
    why = f"{how} A Lock that is held lets nobody in, not even its holder."
    look = (
        "Take the lock in one place only, on the way in; or use a lock that its holder may take"
        " again (RLock)."
    )
    return Explanation(SelfDeadlock(what, why, look), frozenset(_takings(evidence, [wait])))


def _since(taken: tuple[Frame, ...]) -> str:
    return f" since {taken[0].place}" if taken else ""


def _calls(wait: Waiting) -> str:
    """`transfer (bank.py:14) calls withdraw (bank.py:21)`: from the first taking to the second."""
    if not wait.taken or not wait.frames:
        return ""
    first, path = wait.taken[0], []
    for frame in wait.frames:
        path.append(frame)
        if frame.function == first.function and frame.file == first.file:
            break
    else:
        return ""
    path.reverse()
    if len(path) == 1:
        return f"{function_name(path[0])} comes to {path[0].place}"
    last = path[-1]
    through = [f"{function_name(frame)} ({frame.place})" for frame in path[:-1]]
    return f"{' calls '.join(through)} calls {function_name(last)} ({last.place})"


def orphaned(evidence: Evidence, failing: Failing) -> Explanation:
    """Who left with the lock, where it was taken, and who waits for it for ever."""
    who = evidence.thread(failing.thread)
    lock = failing.lock or "a lock"
    waiters = [wait for wait in evidence.trace.waiting if wait.target == failing.lock]
    what = f"{who} has ended without releasing {lock}, which it took{_taken_at(failing)}."
    if waiters:
        names = series(f"{evidence.thread(wait.thread)}{at(wait.frames)}" for wait in waiters)
        verb = "wait" if len(waiters) > 1 else "waits"
        why = f"{names} {verb} for it for ever."
    else:
        why = "Whoever needs it next will wait for ever."
    fateful = {
        taken
        for taken in evidence.left_held(failing.thread).values()
        if evidence.steps[taken].target == failing.lock
    }
    last = [i for i, s in enumerate(evidence.steps) if s.thread == failing.thread][-1:]
    if last and evidence.steps[last[0]].action not in TAKES and evidence.places(last):
        why += f" The last thing {who} did was at {evidence.places(last)[0]}."
    look = "Every way out of the function must release it: a return and an exception as well"
    look += f", after {failing.taken[0].place}." if failing.taken else "."
    return Explanation(OrphanedLock(what, why, look), frozenset(fateful | set(last)))


def _taken_at(failing: Failing) -> str:
    return f" at {failing.taken[0].place}" if failing.taken else " earlier"


def nobody(evidence: Evidence, failing: Failing, kind: type[Finding] = Deadlock) -> Explanation:
    """Nobody can go on, and no circle is seen: each thread with what it waits for."""
    if kind is Deadlock and (lost := lost_wakeup(evidence)) is not None:
        return lost
    told = []
    for wait in evidence.trace.waiting:
        holder = ""
        if wait.holder is not None and not _joins(evidence, wait):
            itself = wait.holder == wait.thread
            holder = f", held by {'itself' if itself else evidence.thread(wait.holder)}"
            holder += at(wait.taken)
        told.append(f"{evidence.thread(wait.thread)} {_waits(evidence, wait)}{holder}")
    what = f"{'; '.join(told)}." if told else "No thread can go on."
    why = "Nobody who could let them go on is running."
    return Explanation(kind(what, why), frozenset(_takings(evidence, list(evidence.trace.waiting))))
