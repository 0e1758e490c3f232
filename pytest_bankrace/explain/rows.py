"""Which rows does a timeline have? From steps to what one thread did undisturbed on one line."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import groupby

from pytest_bankrace.explain.evidence import (
    READ,
    RELEASE,
    SLEEP,
    TRIES,
    WRITE,
    overlap,
    series,
)
from pytest_bankrace.runtime.operation import Kind
from pytest_bankrace.verdict import Step, Trace

MOST_ROWS = 40
"""Rows that are shown in full."""
_LAST_ROWS = 24
_NEIGHBOURS = 2
"""Rows around a row that matters that are shown as well."""
_PERIOD = 6
"""Rows of a loop's turn that are recognised as a repetition."""
_MAY_FAIL = ("acquire", "get", "get_nowait")
_SILENT = frozenset({Kind.BEGIN.value, Kind.END.value})


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a timeline, or a note between two when `thread` is None."""

    thread: int | None
    place: str
    parts: tuple[str, ...]
    """What was done: `alice.balance → 100`, `acquire alice.lock`."""
    steps: tuple[int, ...] = ()
    watched: tuple[str, ...] = ()
    changed: frozenset[int] = frozenset()
    """The watched values that this row changed, by their places."""
    fateful: bool = False


def rows_of(trace: Trace, fateful: frozenset[int]) -> list[Row]:
    """All rows of a trace, shortened where it is long; then who waits for what."""
    shown = _visible(trace, fateful)
    rows = _repeated(_colour_changes(trace, list(_blocks(trace, shown, fateful))))
    rows = _shorten(trace, rows, fateful)
    if trace.omitted:
        many = f"{trace.omitted:,} earlier step{'s' if trace.omitted > 1 else ''}"
        rows.insert(0, Row(None, "", (f"… {many}",)))
    return rows + list(_waits(trace))


def _visible(trace: Trace, fateful: frozenset[int]) -> list[int]:
    """The steps worth showing: reads of what nobody writes are the way to a place, not an event."""
    if not trace.steps:
        return []
    written = {step.location for step in trace.steps if step.action == WRITE}
    shown = []
    for index, step in enumerate(trace.steps):
        if (step.action in _SILENT or not step.frames) and index not in fateful:
            continue  # without a line, it is a pool's own business
        unwritten = not any(overlap(step.location, place) for place in written)
        if step.action == READ and unwritten and not trace.omitted and index not in fateful:
            continue
        shown.append(index)
    return shown or list(range(len(trace.steps)))


def _blocks(trace: Trace, shown: list[int], fateful: frozenset[int]) -> Iterator[Row]:
    def alike(index: int) -> tuple[int, str, bool]:
        step = trace.steps[index]
        return step.thread, step.frame.place if step.frame else "", index in fateful

    for (thread, place, marked), group in groupby(shown, alike):
        steps = tuple(group)
        told: list[tuple[str, int]] = []
        for index in steps:
            _add(told, trace.steps[index], trace)
        parts = [words if times == 1 else f"{words} ({times} times)" for words, times in told]
        watched = trace.steps[steps[-1]].watched
        yield Row(thread, place, tuple(parts), steps, watched, fateful=marked)


def _add(told: list[tuple[str, int]], step: Step, trace: Trace) -> None:
    """A step's words; an undisturbed read and write of one place are told in one."""
    value = step.value
    last, times = told[-1] if told else ("", 0)
    if step.action == WRITE:
        if value is None and step.target in trace.watched:
            position = trace.watched.index(step.target)
            value = step.watched[position] if position < len(step.watched) else None
        undisturbed = times == 1 and last.startswith(f"{step.target} →") and "←" not in last
        if undisturbed and value is not None:
            told[-1] = (f"{last} ← {value}", 1)
            return
    words = _words(step, value)
    if last == words:
        told[-1] = (words, times + (not step.call))
    else:
        told.append((words, 1))


def _call_words(step: Step, value: str | None) -> str:
    """`bank.till.put`: what the library does inside is its own business."""
    plain = " " not in step.target
    said = f"{step.target}.{step.call}" if plain else f"{step.call}() of {step.target}"
    if step.action == Kind.WAIT.value:
        return f"{said} waits" if plain else f"{said}, which waits"
    shows = step.action == Kind.LOOK.value or (value == "False" and step.call in _MAY_FAIL)
    return f"{said} → {value}" if shows and value is not None else said


def _words(step: Step, value: str | None) -> str:
    if step.call:
        return _call_words(step, value)
    if step.action == READ:
        return f"read {step.target}" if value is None else f"{step.target} → {value}"
    if step.action == WRITE:
        return f"write {step.target}" if value is None else f"{step.target} ← {value}"
    if step.action == Kind.ACQUIRE.value:
        return f"acquire {step.target}"
    if step.action in TRIES:
        return f"try to acquire {step.target}" + (f" → {value}" if value is not None else "")
    if step.action == RELEASE:
        return f"release {step.target}"
    if step.action == Kind.NOTIFY.value:
        return f"notify {step.target}" + (f" → {value}" if value is not None else "")
    if step.action == Kind.WAIT.value:
        return f"wait on {step.target}"
    if step.action == Kind.WAKE.value:
        return f"{step.target}: {'notified' if value == 'True' else 'the time is over'}"
    if step.action == Kind.REACQUIRE.value:
        return f"go on, with {step.target}"
    if step.action in (SLEEP, Kind.CLOCK.value, Kind.THREADS.value):
        return step.action
    return (
        f"{step.action} {step.target}"
        if "it is" not in step.action
        else (step.action.replace("it is", f"{step.target} is"))
    )


def _colour_changes(trace: Trace, rows: list[Row]) -> list[Row]:
    before, found = trace.initial, []
    for row in rows:
        same = len(before) == len(row.watched)
        changed = {i for i, v in enumerate(row.watched) if same and v != before[i]}
        found.append(replace(row, changed=frozenset(changed)))
        before = row.watched or before
    return found


def _repeated(rows: list[Row]) -> list[Row]:
    """A loop's turns, once and counted: three or more of the same in a row."""
    found: list[Row] = []
    at = 0
    while at < len(rows):
        period, turns = _turns(rows, at)
        found.extend(rows[at : at + period])
        if turns > 1:
            steps = [i for row in rows[at + period : at + period * turns] for i in row.steps]
            note = f"… the same again, {turns - 1} times"
            found.append(Row(None, "", (note,), tuple(steps)))
        at += period * turns
    return found


def _turns(rows: list[Row], at: int) -> tuple[int, int]:
    """The length of a loop's turn that begins here, and how often it is gone round."""

    def same(one: Row, other: Row) -> bool:
        return (one.thread, one.place, one.parts) == (other.thread, other.place, other.parts)

    for period in range(1, _PERIOD + 1):
        turns = 1
        while at + period * (turns + 1) <= len(rows) and all(
            same(rows[at + i], rows[at + period * turns + i]) for i in range(period)
        ):
            turns += 1
        if turns >= 3:
            return period, turns
    return 1, 1


# -- Long traces


def _shorten(trace: Trace, rows: list[Row], fateful: frozenset[int]) -> list[Row]:
    if len(rows) <= MOST_ROWS:
        return rows
    targets = {
        trace.steps[i].location: trace.steps[i].target
        for i in sorted(fateful)
        if 0 <= i < len(trace.steps)
    }

    def touches(row: Row) -> bool:
        return any(overlap(trace.steps[i].location, place) for i in row.steps for place in targets)

    keep = {n for n, row in enumerate(rows) if row.fateful or (targets and touches(row))}
    if len(keep) > MOST_ROWS:
        keep = {n for n, row in enumerate(rows) if row.fateful}
    if len(keep) > MOST_ROWS:
        keep = set(sorted(keep)[: _LAST_ROWS // 2]) | set(sorted(keep)[-_LAST_ROWS // 2 :])
    if not keep:
        keep = set(range(len(rows) - _LAST_ROWS, len(rows)))
    around = {n + d for n in keep for d in range(-_NEIGHBOURS, _NEIGHBOURS + 1)}
    if len(around & set(range(len(rows)))) <= MOST_ROWS:
        keep = around
    found: list[Row] = []
    for kept, group in groupby(range(len(rows)), lambda n: n in keep):
        numbers = list(group)
        if kept or len(numbers) == 1:
            found.extend(rows[n] for n in numbers)
        else:
            left_out = [rows[n] for n in numbers]
            untouched = not any(touches(row) for row in left_out)
            found.append(_elided(trace, left_out, targets.values() if untouched else ()))
    return found


def _elided(trace: Trace, rows: list[Row], none_touching: Iterable[str]) -> Row:
    """`… 14 steps of teller 2, none touching alice.balance`."""
    steps = tuple(i for row in rows for i in row.steps)
    numbers = sorted({trace.steps[i].thread for i in steps})
    names = [
        trace.threads[n] if 0 <= n < len(trace.threads) else f"thread {n + 1}" for n in numbers
    ]
    note = f"… {len(steps)} step{'s' if len(steps) != 1 else ''} of {series(names)}"
    if targets := list(dict.fromkeys(none_touching)):
        note += f", none touching {' or '.join(targets)}"
    return Row(None, "", (note,), steps)


def _waits(trace: Trace) -> Iterator[Row]:
    for wait in trace.waiting:
        holder = ""
        if wait.holder == wait.thread:
            holder = " (held by itself)"
        elif wait.holder is not None and 0 <= wait.holder < len(trace.threads):
            name = trace.threads[wait.holder]
            holder = f" (held by {name})" if name != wait.target else " to end"
        place = wait.frames[0].place if wait.frames else ""
        words = f"waits for {wait.target}{holder}"
        yield Row(wait.thread, place, (words,), (), (), fateful=True)
