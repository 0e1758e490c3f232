"""What does a trace show for certain: who held which lock, and what was where before and after?

Facts only, each of them read off the steps. What they mean is for `races` and `blocked` to say.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from decimal import Decimal, InvalidOperation

from pytest_bankrace.runtime import operation
from pytest_bankrace.runtime.operation import STRUCTURE, Kind
from pytest_bankrace.verdict import Failing, Finding, Frame, Step, Trace

READ, WRITE = Kind.READ.value, Kind.WRITE.value
TRIES = frozenset({Kind.TRY.value, Kind.TIMED.value})
_STOCK_TAKES = frozenset(kind.value for kind in operation.STOCK_TAKES)
TAKES = frozenset(kind.value for kind in operation.TAKES) | _STOCK_TAKES
RELEASES = frozenset(kind.value for kind in operation.RELEASES | {Kind.GIVE})
RELEASE, SLEEP = Kind.RELEASE.value, Kind.SLEEP.value

Place = tuple[int, str]


@dataclass(frozen=True, slots=True)
class Explanation:
    """A finding, and the steps of the trace that decide it, by their places in `Trace.steps`."""

    finding: Finding
    fateful: frozenset[int] = frozenset()


def overlap(one: Place, other: Place) -> bool:
    """Whether two places share memory: a container's structure overlaps each of its keys."""
    return one[0] == other[0] and (one[1] == other[1] or repr(STRUCTURE) in (one[1], other[1]))


def told_apart(trace: Trace) -> Trace:
    """The same trace, with numbers to names that several threads have: `deposit 1`, `deposit 2`."""
    old = trace.threads
    if len(set(old)) == len(old):
        return trace
    new = tuple(
        f"{name} {old[: index + 1].count(name)}" if old.count(name) > 1 else name
        for index, name in enumerate(old)
    )
    waiting = tuple(
        replace(wait, target=new[wait.holder])
        if wait.holder is not None
        and 0 <= wait.holder < len(old)
        and not wait.taken
        and wait.target == old[wait.holder]
        else wait
        for wait in trace.waiting
    )
    return replace(trace, threads=new, waiting=waiting)


class Evidence:
    """The facts of one trace. A step is named by its place in `Trace.steps`."""

    def __init__(self, trace: Trace) -> None:
        self.trace = trace
        self.steps = trace.steps
        self.complete = trace.omitted == 0
        """Whether nothing is cut away at the beginning: only then is "no lock was held" known."""
        self.held: list[dict[Place, int]] = []
        """For each step, the locks that its thread holds, and the step that took each."""
        self._at_end: dict[int, dict[Place, int]] = {}
        self._follow_locks()

    def _follow_locks(self) -> None:
        holding = self._at_end
        for index, step in enumerate(self.steps):
            mine = holding.setdefault(step.thread, {})
            lock = lock_of(step)
            if step.action in TAKES and step.value != "False" and lock is not None:
                mine[lock] = index
            self.held.append(dict(mine))
            if step.action in RELEASES and lock is not None:
                for locks in holding.values():  # any thread may release a plain Lock
                    locks.pop(lock, None)

    # -- Who and where

    def thread(self, index: int | None) -> str:
        """A thread's name."""
        if index is not None and 0 <= index < len(self.trace.threads):
            return self.trace.threads[index]
        return "a thread" if index is None else f"thread {index + 1}"

    def who(self, index: int) -> str:
        """The name of the thread that made a step."""
        return self.thread(self.steps[index].thread)

    def at(self, index: int) -> str:
        """` (bank.py:14)`: where a step was made; empty where that is not known."""
        return at(self.steps[index].frames)

    def places(self, indices: Iterable[int]) -> list[str]:
        """The lines of some steps, each once, in their order."""
        frames = [self.steps[i].frame for i in indices]
        return list(dict.fromkeys(frame.place for frame in frames if frame is not None))

    def left_held(self, thread: int | None) -> dict[Place, int]:
        """The locks that a thread still holds when the trace ends, and the step that took each."""
        return {} if thread is None else self._at_end.get(thread, {})

    # -- Reads and writes

    def of(self, thread: int, action: str) -> list[int]:
        """The reads, or the writes, of one thread."""
        return [i for i, s in enumerate(self.steps) if s.thread == thread and s.action == action]

    def writes(self) -> list[int]:
        return [i for i, step in enumerate(self.steps) if step.action == WRITE]

    def last_write(self, place: Place, before: int) -> int | None:
        """The write that a read at `before` sees."""
        return next((i for i in reversed(range(before)) if self._writes(i, place)), None)

    def next_write(self, place: Place, after: int) -> int | None:
        indices = range(after + 1, len(self.steps))
        return next((i for i in indices if self._writes(i, place)), None)

    def _writes(self, index: int, place: Place) -> bool:
        step = self.steps[index]
        return step.action == WRITE and overlap(step.location, place)

    def read_behind(self, write: int) -> int | None:
        """The read that a write builds on: its thread's last one of the same place since it
        last wrote there itself."""
        step = self.steps[write]
        for i in reversed(range(write)):
            earlier = self.steps[i]
            if earlier.thread == step.thread and earlier.location == step.location:
                if earlier.action == READ:
                    return i
                if earlier.action == WRITE:
                    return None
        return None

    # -- Values

    def value(self, index: int) -> str | None:
        """What a step read or wrote; for a write, as the watched values show it if need be."""
        step = self.steps[index]
        if step.value is not None or step.action != WRITE:
            return step.value
        return self._watched(step, step.watched)

    def shown(self, target: str, index: int) -> str | None:
        """The watched value of that name after a step."""
        step = self.steps[index]
        if target not in self.trace.watched or not step.watched:
            return None
        return step.watched[self.trace.watched.index(target)]

    def value_before(self, index: int) -> str | None:
        """What was at a step's place just before the step."""
        step = self.steps[index]
        for i in reversed(range(index)):
            earlier = self.steps[i]
            if earlier.location == step.location and earlier.action in (READ, WRITE):
                return self.value(i)
        return self._watched(step, self.trace.initial)

    def _watched(self, step: Step, values: tuple[str, ...]) -> str | None:
        if step.target in self.trace.watched:
            position = self.trace.watched.index(step.target)
            if position < len(values):
                return values[position]
        return None

    def change(self, write: int) -> Decimal | None:
        """By how much a write changed a number."""
        before, after = number(self.value_before(write)), number(self.value(write))
        return None if before is None or after is None else after - before


def lock_of(step: Step) -> Place | None:
    """The lock or semaphore that a step takes or releases; None for a queue's items."""
    counted = step.action in _STOCK_TAKES or step.action == Kind.GIVE.value
    return step.lock if counted else step.lock or step.location


def at(frames: tuple[Frame, ...]) -> str:
    """` (bank.py:14)`; empty where there is no line."""
    return f" ({frames[0].place})" if frames else ""


def function_name(frame: Frame) -> str:
    """`Bank.transfer`: the function of a line, without the functions it is defined in."""
    return frame.function.rpartition("<locals>.")[2]


_DECIMAL = re.compile(r"Decimal\('([^']*)'\)")


def number(text: str | None) -> Decimal | None:
    """The number that a value's text, or a sum like `(40 + 100)`, stands for; None for others.

    >>> number("(40 + 100)")
    Decimal('140')
    """
    if text is None or len(text) > 200:
        return None
    try:
        found = _reckon(ast.parse(_DECIMAL.sub(r"\1", text.strip()), mode="eval").body)
    except (SyntaxError, ValueError, InvalidOperation, RecursionError, MemoryError):
        return None
    return found if found is not None and found.is_finite() else None


def _reckon(node: ast.expr) -> Decimal | None:
    if isinstance(node, ast.Constant):
        plain = isinstance(node.value, int | float) and not isinstance(node.value, bool)
        return Decimal(str(node.value)) if plain else None
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
        value = _reckon(node.operand)
        return None if value is None else -value
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add | ast.Sub):
        left, right = _reckon(node.left), _reckon(node.right)
        if left is None or right is None:
            return None
        return left + right if isinstance(node.op, ast.Add) else left - right
    return None


def figure(value: Decimal) -> str:
    """A number as a student writes it: `60`, `0.3`."""
    text = format(value, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


_ASSERT = re.compile(r"assert (?P<left>.+) (?P<op>==|!=|<=|>=|<|>) (?P<right>.+)")


def sides(failing: Failing) -> tuple[str, str, str] | None:
    """The two sides of the comparison that fails, and its operator: `("140", "==", "200")`.

    Where a thread's assertion failed, they are read from the message that pytest gives it.
    """
    if failing.comparison is not None:
        return failing.comparison.left, failing.comparison.operator, failing.comparison.right
    for line in failing.error.splitlines():
        if found := _ASSERT.search(line):
            return tidy(found["left"]), found["op"], tidy(found["right"])
    return None


def tidy(text: str) -> str:
    """`140` for `(40 + 100)`: a sum is shown by what it comes to."""
    value = number(text)
    return text if value is None or _DECIMAL.search(text) else figure(value)


def surplus(failing: Failing) -> Decimal | None:
    """By how much the left side of a failed `==` is more than the right."""
    compared = sides(failing)
    if compared is None or compared[1] != "==":
        return None
    left, right = number(compared[0]), number(compared[2])
    return None if left is None or right is None else left - right


def series(words: Iterable[str]) -> str:
    """`a`, `a and b`, `a, b and c`."""
    *front, last = list(words) or [""]
    return f"{', '.join(front)} and {last}" if front else last
