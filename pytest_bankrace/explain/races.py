"""Which race does a trace show: a lost update, a stale check or a torn read?

Each is looked for by its own pattern of reads and writes, and is named only where the pattern
is there (for the patterns: Lu et al., "Learning from mistakes", ASPLOS 2008).
"""

from __future__ import annotations

import re
from decimal import Decimal
from itertools import pairwise

from pytest_bankrace.explain.causes import cause
from pytest_bankrace.explain.evidence import (
    READ,
    Evidence,
    Explanation,
    Place,
    figure,
    number,
    overlap,
    series,
    sides,
    surplus,
)
from pytest_bankrace.verdict import Failing, LostUpdate, StaleCheck, Step, Symptom, TornRead

_ORDERING = frozenset({"<", "<=", ">", ">="})


def race(evidence: Evidence, failing: Failing) -> Explanation | None:
    """The race that the trace shows, or None where it shows none clearly.

    `balance >= 0` is what a check was to guard, `total == 200` is what an overwritten sum
    breaks: where a trace shows both, the failed comparison says which to tell.
    """
    compared = sides(failing)
    guarded = compared is not None and compared[1] in _ORDERING
    kinds = [stale_check, lost_update] if guarded else [lost_update, stale_check]
    # A reader's own assertion is first of all about what it read.
    position = 0 if failing.symptom is Symptom.ASSERTION else len(kinds)
    kinds.insert(position, torn_read)
    return next((found for kind in kinds if (found := kind(evidence, failing))), None)


# -- Lost update


def lost_update(evidence: Evidence, failing: Failing) -> Explanation | None:
    """Thread A reads, B writes the same place, and A writes what it made of its old value."""
    found: list[tuple[int, int, int]] = []
    for write in evidence.writes():
        read = evidence.read_behind(write)
        if read is None:
            continue
        lost = evidence.last_write(evidence.steps[write].location, write)
        if lost is None or lost < read or _is_check(evidence.steps[read], evidence.steps[write]):
            continue
        if evidence.steps[lost].location == evidence.steps[write].location:
            found.append((read, lost, write))
    if not found:
        return None
    extra = surplus(failing)

    def rank(candidate: tuple[int, int, int]) -> tuple[bool, bool]:
        _, lost, write = candidate
        return (not _accounts_for(evidence, lost, extra), not _told(evidence, write, failing))

    read, lost, write = min(found, key=rank)  # the earliest of equals
    what = _lost_what(evidence, failing, lost, write)
    built_on = evidence.read_behind(lost)
    look = cause(evidence, (read, write), (lost,) if built_on is None else (built_on, lost))
    return Explanation(
        LostUpdate(
            what,
            _lost_why(evidence, read, lost, write, built_on),
            f"{look} {_common_caller(evidence, read, write)}".strip(),
        ),
        frozenset({read, lost, write} | ({built_on} if built_on is not None else set())),
    )


def _common_caller(evidence: Evidence, read: int, write: int) -> str:
    """Where a getter and a setter do the accesses, the line that calls both: it is the one to
    guard."""
    reading, writing = evidence.steps[read].frames, evidence.steps[write].frames
    if not reading or not writing:
        return ""
    # A property's getter and setter have the same name.
    if reading[0].function == writing[0].function and not reading[0].source.startswith("return"):
        return ""
    caller = next((frame for frame in reading[1:] if frame in writing[1:]), None)
    if caller is None:
        return ""
    source = f": `{caller.source}`" if caller.source else ""
    return f"{evidence.who(write)} comes to both from {caller.place}{source}."


def _accounts_for(evidence: Evidence, lost: int, extra: Decimal | None) -> bool:
    """Whether the lost change is exactly what is missing, or too much, in the end."""
    change = evidence.change(lost)
    return bool(extra and change and extra == -change)


def _lost_what(evidence: Evidence, failing: Failing, lost: int, write: int) -> str:
    target, value = evidence.steps[write].target, evidence.value(lost)
    if value is None:
        sentence = f"{target}. What {evidence.who(lost)} wrote was overwritten"
    else:
        sentence = f"{target}. {value} was overwritten"
    extra = surplus(failing)
    if extra is not None and _accounts_for(evidence, lost, extra):
        much = figure(abs(extra))
        sentence += f", and {much} is gone" if extra < 0 else f", and {much} is too much"
    return sentence + outcome(failing)


def outcome(failing: Failing) -> str:
    """`: 140 at the end, 200 expected.`: what came out, as the end of a sentence."""
    compared = sides(failing)
    at_end = " at the end" if failing.symptom is Symptom.AT_END else ""
    if compared is None:
        return f"; `{failing.source}` does not hold{at_end}." if failing.source else "."
    left, operator, right = compared
    if operator == "==":
        return f": {left}{at_end or ' now'}, {right} expected."
    return f": {left}{at_end or ' now'}, and it should be {operator} {right}."


def _lost_why(evidence: Evidence, read: int, lost: int, write: int, built_on: int | None) -> str:
    one, other = evidence.who(write), evidence.who(lost)
    old, new = evidence.value(read), evidence.value(write)
    same = built_on is not None and evidence.value(built_on) == old
    both = (
        None if built_on is None else (evidence.last_write(evidence.steps[read].location, built_on))
    )
    unseen = both is None or both < min(read, built_on or read)
    if same and old is not None and unseen:
        begin = f"{one} and {other} both read {old} before either wrote."
    else:
        begin = f"{one} read {old or 'the old value'}{evidence.at(read)}, and then {other} wrote."
    return (
        f"{begin} {other} wrote {evidence.value(lost) or 'its result'}{evidence.at(lost)};"
        f" {one}, which had not seen that, wrote {new or 'its own'} over it{evidence.at(write)}."
    )


# -- Stale check


def stale_check(evidence: Evidence, failing: Failing) -> Explanation | None:
    """Thread A looks at a condition, thread B changes what it rests on, and A acts on it."""
    found: list[tuple[int, int, int]] = []
    for write in evidence.writes():
        found.extend((check, change, write) for check, change in _checks(evidence, write))
    if not found:
        return None

    def rank(candidate: tuple[int, int, int]) -> tuple[bool, bool, int]:
        check, _, write = candidate
        steps = evidence.steps
        return (
            not _told(evidence, check, failing),
            steps[check].location != steps[write].location,
            -write,  # the one that stands nearest to the failure
        )

    check, change, write = min(found, key=rank)
    if not _decides(evidence, failing, check, write):
        return None
    one, other = evidence.who(write), evidence.who(change)
    target = evidence.steps[check].target
    before, after = evidence.value(check), evidence.value(change)
    if before is not None and after is not None:
        what = f"{target}. It was {before} when {one} checked it, {after} when {one} acted on it"
    else:
        what = f"{target}. It changed after {one} had checked it, and before {one} acted on it"
    now = evidence.value(write)
    acted = f"{evidence.steps[write].target} ← {now}" if now else evidence.steps[write].target
    why = (
        f"{one} checked {target}{evidence.at(check)}; then {other} changed it"
        f"{evidence.at(change)}; then {one} went by its old check and wrote"
        f" {acted}{evidence.at(write)}. Nothing was overwritten: the check was out of date."
    )
    reread = _reread(evidence, check, write)
    side = (check, write) if reread is None else (check, reread, write)
    return Explanation(
        StaleCheck(what + outcome(failing), why, cause(evidence, side, (change,))),
        frozenset({*side, change}),
    )


def _decides(evidence: Evidence, failing: Failing, check: int, write: int) -> bool:
    """Whether it is clear that this check has to do with the failure."""
    if evidence.steps[check].location == evidence.steps[write].location:
        return True
    if failing.symptom is Symptom.ALWAYS and write == evidence.writes()[-1]:
        return True
    return _told(evidence, check, failing) or _told(evidence, write, failing)


def _checks(evidence: Evidence, write: int) -> list[tuple[int, int]]:
    """The checks that `write` goes by and that were no longer true, with what changed each."""
    steps, acting = evidence.steps, evidence.steps[write]
    found: list[tuple[int, int]] = []
    seen: set[Place] = set()
    for check in reversed(range(write)):
        step = steps[check]
        if step.thread != acting.thread or step.location in seen:
            continue
        own_write = step.action != READ
        if own_write or _is_check(step, acting):
            seen.add(step.location)  # an earlier check was renewed, or acted upon, by this
            change = None if own_write else _changed(evidence, check, write)
            if change is not None:
                found.append((check, change))
    return found


def _changed(evidence: Evidence, check: int, write: int) -> int | None:
    """The last write of another thread between a check and what is done upon it."""
    place, thread = evidence.steps[check].location, evidence.steps[write].thread
    change = evidence.last_write(place, write)
    if change is None or change < check or evidence.steps[change].thread == thread:
        return None
    old = evidence.value(check)
    return None if old is not None and old == evidence.value(change) else change


def _reread(evidence: Evidence, check: int, write: int) -> int | None:
    read = evidence.read_behind(write)
    return read if read is not None and read > check else None


_TEST = re.compile(r"(if|elif|while|assert)\b(?!.*:=)")
_COMPARES = re.compile(r"[^<>=!-][<>]=?[^<>]|==|!=|\bnot\b|\bin\b")
_RECKONS = re.compile(r"^[^=<>!(]+=(?!=).*[-+*/]|[-+*/]=")


def _is_check(read: Step, act: Step) -> bool:
    """Whether a read was made to decide something, rather than to reckon with the value.

    Its lines say so: an `if`, or a function that returns a comparison. Lines that the act has
    in common with it say nothing.
    """
    for depth, frame in enumerate(read.frames):
        if frame in act.frames:
            return False
        if _TEST.match(frame.source):
            return True
        if depth == 0 and _COMPARES.search(frame.source) and not _RECKONS.search(frame.source):
            return not frame.source.startswith("for ")
    return False


_WORD = re.compile(r"\w+")


def _told(evidence: Evidence, index: int, failing: Failing) -> bool:
    """Whether the failed condition speaks of what a step touches: `balance`."""
    step = evidence.steps[index]
    told = f"{failing.source} {failing.error} {''.join(f.source for f in failing.frames[:1])}"
    if failing.comparison is not None:
        told += f" {failing.comparison.source}"
    words = set(_WORD.findall(told))
    last = step.target.replace("]", "").rpartition(".")[2]
    return not words.isdisjoint(_WORD.findall(f"{step.location[1]} {last}"))


# -- Torn read


def torn_read(evidence: Evidence, failing: Failing) -> Explanation | None:
    """A reader sees one place before another thread's change and another place after it."""
    if failing.symptom is Symptom.ASSERTION:
        if failing.thread is None:
            return None
        readers = [failing.thread]
    else:
        readers = list(dict.fromkeys(s.thread for s in evidence.steps if s.action == READ))
    for reader in readers:
        if pair := _straddle(evidence, reader):
            return _torn(evidence, failing, *pair)
    if failing.symptom is Symptom.ASSERTION:
        return _halfway(evidence, failing)
    return None


def _straddle(evidence: Evidence, reader: int) -> tuple[tuple[int, int], tuple[int, int]] | None:
    """Two reads, and two writes that followed one another in another thread, of which the
    reads saw just one: (the read before its write, the read after its write), and the writes."""
    steps = evidence.steps
    own = [steps[i].location for i in evidence.writes() if steps[i].thread == reader]
    reads = [
        i
        for i in evidence.of(reader, READ)
        if not any(overlap(steps[i].location, place) for place in own)
    ]
    old = {i: evidence.next_write(steps[i].location, i) for i in reads}
    new = {i: evidence.last_write(steps[i].location, i) for i in reads}
    for other in dict.fromkeys(steps[i].thread for i in evidence.writes()):
        writes = evidence.of(other, "writes")
        for pair in pairwise(writes):
            if overlap(steps[pair[0]].location, steps[pair[1]].location):
                continue
            for missed, seen in (pair, pair[::-1]):
                before = [i for i in reads if old[i] == missed]
                after = [i for i in reads if new[i] == seen]
                if before and after:
                    # The two reads that stand nearest to each other belong together.
                    reading = min(
                        ((a, b) for a in before for b in after), key=lambda r: abs(r[0] - r[1])
                    )
                    return reading, (missed, seen)
    return None


def _torn(
    evidence: Evidence, failing: Failing, reads: tuple[int, int], writes: tuple[int, int]
) -> Explanation:
    (before, after), (missed, seen) = reads, writes
    reader, writer = evidence.who(before), evidence.who(missed)
    steps = evidence.steps
    what = (
        f"{steps[before].target} and {steps[after].target}. {reader} read"
        f" {_with_value(evidence, before)} from before and {_with_value(evidence, after)} from"
        f" after {writer}'s change{outcome(failing)}"
    )
    told = [
        (before, f"{reader} read {_with_value(evidence, before)}{evidence.at(before)}"),
        (after, f"{reader} read {_with_value(evidence, after)}{evidence.at(after)}"),
        (missed, f"{writer} wrote {_with_value(evidence, missed)}{evidence.at(missed)}"),
        (seen, f"{writer} wrote {_with_value(evidence, seen)}{evidence.at(seen)}"),
    ]
    why = f"{'; then '.join(text for _, text in sorted(told))}. One half of a change was seen."
    reading, writing = tuple(sorted(reads)), tuple(sorted(writes))
    return Explanation(
        TornRead(what, why, cause(evidence, reading, writing)), frozenset({*reads, *writes})
    )


def _halfway(evidence: Evidence, failing: Failing) -> Explanation | None:
    """The reader's assertion ended the execution while another thread was half through.

    Named only on evidence: what it had written is exactly what is missing, or it still held
    the lock that it wrote under.
    """
    assert failing.thread is not None
    reads = evidence.of(failing.thread, READ)
    own = [evidence.steps[i].location for i in evidence.of(failing.thread, "writes")]
    # Numbers are added up, and whole containers of them; the rest was read on the way.
    whole = {i for i in reads if evidence.steps[i].location[1] == "*"}
    latest = {
        evidence.steps[i].location: i
        for i in reads
        if i in whole or number(evidence.value(i)) is not None
    }
    extra = surplus(failing)
    for place, after in sorted(latest.items(), key=lambda item: item[1]):
        write = evidence.last_write(place, after)
        if write is None or evidence.steps[write].thread == failing.thread or place in own:
            continue
        thread = evidence.steps[write].thread
        inside = any(
            evidence.left_held(thread).get(lock) == taken
            for lock, taken in evidence.held[write].items()
        )
        others = [i for spot, i in latest.items() if not overlap(spot, place)]
        exact = extra is not None and extra != 0 and evidence.change(write) == extra
        if (exact or inside) and (others or after in whole):
            return _half_seen(evidence, failing, write, after, tuple(sorted(latest.values())))
    return None


def _half_seen(
    evidence: Evidence, failing: Failing, write: int, after: int, reads: tuple[int, ...]
) -> Explanation:
    reader, writer = evidence.who(after), evidence.who(write)
    what = (
        f"{evidence.steps[after].target}. {reader} looked in the middle of {writer}'s change"
        f"{outcome(failing)}"
    )
    untouched = [i for i in reads if evidence.last_write(evidence.steps[i].location, i) is None]
    seen = series(_with_value(evidence, i) for i in untouched[:3])
    rest = f", and {seen} as before" if seen else ""
    why = (
        f"{writer} had written {_with_value(evidence, write)}{evidence.at(write)} and was not yet"
        f" done; {reader} then read {_with_value(evidence, after)}{evidence.at(after)}{rest}."
        " One half of a change was seen."
    )
    fateful = {write, after, *untouched[:3]}
    reading = tuple(sorted({after, *untouched[:3]}))
    return Explanation(TornRead(what, why, cause(evidence, reading, (write,))), frozenset(fateful))


def _with_value(evidence: Evidence, index: int) -> str:
    step, value = evidence.steps[index], evidence.value(index)
    arrow = "→" if step.action == READ else "←"
    return step.target if value is None else f"{step.target} {arrow} {value}"
