"""How is one interleaving written down, so that any process can run it again?

`1:0x3.1x4.0x2:kqza7b…`: the number of the race in its test, the threads' turns with the length of
each, and checks: of the test it belongs to, of what each turn did, and of the token itself. What a
step did is known by its kind and the text of its source line, not the line's number: a comment
more above it changes nothing.
"""

from __future__ import annotations

import re
from base64 import b32encode
from collections.abc import Iterator, Mapping, Sequence
from hashlib import sha256
from itertools import groupby
from typing import NamedTuple

from pytest_bankrace.errors import UsageError
from pytest_bankrace.verdict import Frame

MOST_STEPS = 100_000
"""A token that says more is damaged."""
_SHAPE = re.compile(r"(\d{1,6}):(\d{1,6}x\d{1,6}(?:\.\d{1,6}x\d{1,6})*)(\+?):([a-z2-7]{5,})")
_TEST, _ITSELF = 3, 2


class Mark(NamedTuple):
    """What one step did, and where."""

    kind: str
    frame: Frame | None


class Token(NamedTuple):
    text: str
    race: int
    """Which of its test's races it belongs to, from 1."""
    threads: tuple[int, ...]
    """The thread of each step."""
    endless: bool
    """The last steps go on for ever."""
    test: str
    turns: str
    """A character for each turn: a check of what its steps did."""

    def belongs_to(self, test: str, race: int) -> bool:
        return (self.test, self.race) == (_check(_TEST, test, str(race)), race)


def write(
    test: str,
    race: int,
    threads: Sequence[int],
    marks: Mapping[int, Mark],
    *,
    endless: bool = False,
) -> str:
    """The token of a schedule. `marks` are those of its steps by their places, where known."""
    turns = [*_turns(threads)]
    choices = ".".join(f"{thread}x{last - first}" for thread, first, last in turns)
    checks = "".join(_turn(marks, first, last) for _, first, last in turns)
    text = f"{race}:{choices}{'+' if endless else ''}:{_check(_TEST, test, str(race))}{checks}"
    return text + _check(_ITSELF, text)


def read(text: str) -> Token:
    """A token from its text. Raises UsageError where it is damaged."""
    text = text.strip()
    shape = _SHAPE.fullmatch(text)
    if shape is not None and text[-_ITSELF:] == _check(_ITSELF, text[:-_ITSELF]):
        pairs = [turn.split("x") for turn in shape[2].split(".")]
        if sum(int(count) for _, count in pairs) <= MOST_STEPS:
            threads = tuple(int(thread) for thread, count in pairs for _ in range(int(count)))
            test, turns = shape[4][:_TEST], shape[4][_TEST:-_ITSELF]
            return Token(text, int(shape[1]), threads, bool(shape[3]), test, turns)
    raise UsageError(
        f"the replay token {text!r} is damaged: copy it whole from the report's line `Again`,"
        " such as 1:0x3.1x4:abcdefg."
    )


def compare(
    token: Token, threads: Sequence[int], marks: Mapping[int, Mark], names: Sequence[str]
) -> str:
    """A sentence on the first step that is not what the token says; empty if all are."""
    for number, (thread, first, last) in enumerate(_turns(token.threads)):
        same = [*threads[first:last]] == [thread] * (last - first)
        if same and token.turns[number : number + 1] == _turn(marks, first, last):
            continue
        steps = f"step {first + 1}" if last == first + 1 else f"steps {first + 1} to {last}"
        whose = names[thread] if thread < len(names) else f"thread {thread}, which is not there"
        places = dict.fromkeys(
            mark.frame.place
            for step in range(first, last)
            if (mark := marks.get(step)) is not None and mark.frame is not None
        )
        now = f", and are now at {', '.join(places)}" if places else ""
        return f"{steps}, by {whose}, {'is' if last == first + 1 else 'are'} not as then{now}"
    if len(threads) > len(token.threads):
        return f"the program goes on after step {len(token.threads)}, which was the last"
    return ""


def _turns(threads: Sequence[int]) -> Iterator[tuple[int, int, int]]:
    """Each stretch of one thread: the thread, its first step, and the one after its last."""
    place = 0
    for thread, steps in groupby(threads):
        first, place = place, place + len([*steps])
        yield thread, first, place


def _turn(marks: Mapping[int, Mark], first: int, last: int) -> str:
    told = []
    for step in range(first, last):
        mark = marks.get(step)
        frame = mark.frame if mark is not None else None
        where = (frame.source or str(frame.line)) if frame is not None else ""
        told.append(f"{mark.kind if mark is not None else ''} {where}")
    return _check(1, *told)


def _check(length: int, *texts: str) -> str:
    digest = sha256("\n".join(texts).encode("utf-8", "surrogateescape")).digest()
    return b32encode(digest)[:length].decode().lower()
