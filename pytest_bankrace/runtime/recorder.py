"""What happened in one execution, step by step, with lines, names and values?

A controlled runtime that looks on: it runs one schedule again and keeps what a report needs.
Exploring does without all this, and is ten times as fast.
"""

from __future__ import annotations

import re
import reprlib
import threading
from collections import deque
from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from types import FrameType
from typing import Any, NoReturn

from pytest_bankrace.replay_token import Mark
from pytest_bankrace.runtime.controlled import Controlled
from pytest_bankrace.runtime.execution import Ending, Failure
from pytest_bankrace.runtime.frames import frames, library_call, library_self, their_frame
from pytest_bankrace.runtime.names import Names, model_class, part_of, peek
from pytest_bankrace.runtime.operation import STOCK_TAKES, STRUCTURE, TAKES, Kind, Operation
from pytest_bankrace.runtime.session import Patience
from pytest_bankrace.runtime.waits import Lockable, Stock, Task, Wait, Waitable, waits
from pytest_bankrace.scenario import Scenario
from pytest_bankrace.verdict import Comparison, Frame, Step, Trace, Waiting

KEPT_STEPS = 400
WATCHED = 4
_FRAMES = 3
"""A student's frames in whose variables a name is looked for."""

Debugger = Callable[[FrameType | None], object]

_ON_LOCK = TAKES | STOCK_TAKES | {Kind.GIVE, Kind.WAIT, Kind.WAKE}
_LIBRARYS = STOCK_TAKES | {Kind.GIVE, Kind.LOOK, Kind.CHANGE}
_WORDS = {
    "RLock": "lock",
    "BoundedSemaphore": "semaphore",
    "ThreadPoolExecutor": "pool",
    "LifoQueue": "queue",
    "PriorityQueue": "queue",
    "SimpleQueue": "queue",
}
"""What a student calls an object of one of these classes."""


@dataclass(slots=True)
class _Raw:
    """A step while the execution still runs, with the objects themselves."""

    thread: int
    kind: Kind
    owner: object
    key: Hashable
    frames: tuple[Frame, ...]
    value: str | None = None
    lock: object = None
    call: str = ""
    starts: int | None = None
    watched: dict[tuple[int, Hashable], str] = field(default_factory=dict)


class Recorder(Controlled):
    """Runs one schedule and records it."""

    recording = True

    def __init__(
        self,
        scenario: Scenario,
        patience: Patience,
        seed: int,
        globals_of: Callable[[], list[dict[str, Any]]],
        compare: Callable[[Any, tuple[Any, ...]], Comparison | None],
    ) -> None:
        super().__init__(scenario, patience, seed, globals_of)
        self._compare = compare
        self.comparison: Comparison | None = None
        """The comparison that a failed predicate makes, with its values, where it makes one."""
        self._steps: deque[_Raw] = deque(maxlen=KEPT_STEPS)
        self._recorded = 0
        self.marks: dict[int, Mark] = {}
        """What each step did, by its place in the schedule; none for a thread's begin."""
        self._watched: dict[tuple[int, Hashable], tuple[object, str]] = {}
        self._births: dict[int, tuple[Frame, ...]] = {}
        self._owners: dict[int, object] = {}
        """Of what an object of the library is a part: of a queue, of an event."""
        self._locals: dict[int, str] = {}
        """Objects that are known by a variable's name only."""
        self._kept: list[object] = []
        self.debugger: Debugger | None = None
        """Called with the frame that takes the schedule's last step, before it is taken."""
        self.last_step = 0
        self.stopped_at: tuple[Frame, ...] = ()
        """Where an endless loop was when it was stopped."""
        self._before: Names | None = None
        self._named: Names | None = None
        self._stopped: list[Wait] = []

    # -- While it runs

    def announce(self, operation: Operation, owner: object, key: Hashable) -> bool:
        task = self._current
        self._settle()
        task.stack = where = frames(3)
        self._look_for_a_name(self._owners.get(id(owner), owner))
        switched = super().announce(operation, owner, key)
        if self.debugger is not None and len(self._schedule) == self.last_step:
            self.debugger(their_frame(3))
        self._recorded += 1
        self.marks[len(self._schedule) - 1] = Mark(
            operation.kind.value, where[0] if where else None
        )
        self._kept.append(owner)
        if operation.kind is Kind.WRITE and (id(owner), key) not in self._watched:
            self._watched[id(owner), key] = (owner, self._now(owner, key))
        raw = _Raw(task.index, operation.kind, owner, key, where)
        if operation.kind in _LIBRARYS or (
            id(owner) in self._owners and not isinstance(owner, threading.Thread)
        ):
            raw.call = library_call(2)
        self._steps.append(raw)
        if operation.kind in _ON_LOCK:
            self._locks(raw, task)
        return switched

    def _look_for_a_name(self, thing: object) -> None:
        """What the scenario's state does not lead to may have a name in a variable."""
        if id(thing) in self._locals or (self._before is not None and thing in self._before):
            return
        frame = their_frame(3)
        for _ in range(_FRAMES):
            if frame is None:
                return
            for name, value in frame.f_locals.items():
                if value is thing and name.isidentifier():
                    self._locals[id(thing)] = name
                    return
            frame = frame.f_back

    def _locks(self, raw: _Raw, task: Task) -> None:
        """What a step on a lock or a condition comes to, just before it is carried out."""
        state = raw.owner.state  # type: ignore[attr-defined]
        lock = state
        if isinstance(state, Stock):
            if raw.kind in STOCK_TAKES and raw.kind is not Kind.TAKE:
                raw.value = str(not state.busy)
            lock = None
            if model_class(raw.owner).endswith("Semaphore"):
                raw.lock = raw.owner
        elif isinstance(state, Waitable):
            lock = state.lock
            if lock is not None and raw.kind in (Kind.WAIT, Kind.REACQUIRE):
                raw.lock = lock.handle
            if raw.kind is Kind.WAKE:
                raw.value = str(all(waiter.task is not task for waiter in state.waiters))
        elif raw.kind in (Kind.TRY, Kind.TIMED):
            raw.value = str(not lock.busy)
        if lock is not None and raw.kind in TAKES and raw.value != "False":
            lock.taken = raw.frames

    def notify(self, condition: Waitable, count: int | None) -> list[Task]:
        woken = super().notify(condition, count)
        if not self._aside:
            self._steps[-1].value = ", ".join(task.name for task in woken) or "nobody"
        return woken

    def saw(self, value: object) -> None:
        if self._steps and not self._aside:
            self._steps[-1].value = self._show(value)

    def born(self, handle: object) -> None:
        super().born(handle)
        where, owner = frames(3), _owner(handle)
        self._births[id(handle)] = where
        if owner is not None:
            self._owners[id(handle)] = owner
            self._births.setdefault(id(owner), where)
        self._kept += (handle, owner)

    def start(self, handle: Any, name: str, body: Callable[[], object], daemon: bool) -> None:
        super().start(handle, name, body, daemon)
        self._steps[-1].starts = handle._bankrace_task.index

    def _settle(self) -> None:
        """The step before has happened: note what the watched values are now."""
        if self._steps and not self._steps[-1].watched:
            self._steps[-1].watched = {
                place: self._now(owner, place[1]) for place, (owner, _) in self._watched.items()
            }

    def _now(self, owner: object, key: Hashable) -> str:
        try:
            return self._show(peek(owner, key))
        except LookupError:
            return "-"

    def _show(self, value: object) -> str:
        aside, self._aside = self._aside, True
        try:
            return show(value, self._before)
        finally:
            self._aside = aside

    def _set_up(self) -> None:
        super()._set_up()
        self._kept.append(self._state)
        self._before = self._names()

    def _names(self) -> Names:
        return Names(self._scenario.names, self._state, self._globals_of(), self._before)

    def _ended(self, task: Task) -> None:
        super()._ended(task)
        self._settle()

    def _blocked(self) -> None:
        super()._blocked()
        self._stopped = waits(self.tasks)

    def fail(self, failure: Failure) -> NoReturn:
        self._settle()
        if failure.predicate:
            self._unfold(failure)
        if failure.ending is Ending.ENDLESS:
            self.stopped_at = frames(3)
        super().fail(failure)

    def _unfold(self, failure: Failure) -> None:
        """What a failed predicate's two sides were; asked for while the state still stands."""
        task, self._current = self._current, self._observer
        aside, self._aside = self._aside, True
        try:
            predicate = getattr(self._scenario, failure.predicate)
            self.comparison = self._compare(predicate, self._state)
        except BaseException:  # asked a second time, it may say anything
            self.comparison = None
        finally:
            self._current, self._aside = task, aside

    def _end(self) -> None:
        self._settle()
        self._named = self._names()
        super()._end()

    # -- Afterwards

    def name_of(self, owner: object, key: Hashable = STRUCTURE) -> str:
        """What a student calls a place: `alice.balance`, or a whole thing: `alice.lock`."""
        names = self._named or self._before
        assert names is not None
        if owner is None:
            return "the clock"
        if isinstance(owner, threading.Thread):
            return str(getattr(owner, "told", owner.name))
        if owner not in names:
            owner = self._owners.get(id(owner), owner)
        if owner not in names and (local := self._locals.get(id(owner))) is not None:
            return local if key is STRUCTURE or model_class(owner) else part_of(local, owner, key)
        if (born := self._births.get(id(owner))) is not None and owner not in names:
            word = _WORDS.get(kind := model_class(owner), kind.lower() or "lock")
            word = f"{'an' if word[0] in 'aeiou' else 'a'} {word}"
            return f"{word} made at {born[0].place}" if born else word
        return names.place(owner, key)

    def _kind(self, condition: Waitable | Stock) -> str:
        """`Condition`; of what is a part of another: `Event`, or for a queue `Queue.not_empty`."""
        handle = condition.handle
        owner = self._owners.get(id(handle))
        if owner is None:
            return model_class(handle)
        part = next((name for name, value in vars(owner).items() if value is handle), "_")
        return model_class(owner) + (f".{part}" if not part.startswith("_") else "")

    def trace(self) -> Trace:
        """The execution as plain data, which outlives the objects it tells of."""
        places = self._shown()
        numbers: dict[int, int] = {}

        def number(thing: object) -> int:
            return numbers.setdefault(id(thing), len(numbers))

        steps = []
        shown = [(place, self._watched[place][1]) for place in places]
        values = dict(shown)
        for raw in self._steps:
            values.update((place, raw.watched[place]) for place in places if place in raw.watched)
            steps.append(
                Step(
                    raw.thread,
                    raw.kind.value,
                    self.name_of(raw.owner, raw.key),
                    (number(raw.owner), str(raw.key)),
                    raw.frames,
                    raw.value,
                    tuple(values[place] for place in places),
                    raw.starts,
                    (number(raw.lock), "*") if raw.lock is not None else None,
                    raw.call,
                )
            )
        return Trace(
            tuple(task.name for task in self.tasks),
            tuple(steps),
            tuple(self.name_of(self._watched[place][0], place[1]) for place in places),
            tuple(value for _, value in shown),
            tuple(self._waiting(wait) for wait in self._stopped),
            self._recorded - len(steps),
        )

    def _shown(self) -> list[tuple[int, Hashable]]:
        """The values worth a column: written to while threads ran, and known by a name."""
        names = self._named
        assert names is not None
        return [p for p, (owner, _) in self._watched.items() if owner in names][:WATCHED]

    def _waiting(self, wait: Wait) -> Waiting:
        held = tuple(
            (self.name_of(lock.handle), lock.taken or ())
            for lock in self._held
            if lock.holder is wait.waiter
        )
        target = wait.target
        name = target.name if isinstance(target, Task) else self.name_of(target.handle)
        kind = self._kind(target) if isinstance(target, Waitable | Stock) else ""
        return Waiting(
            wait.waiter.index,
            name,
            wait.holder.index if wait.holder is not None else None,
            wait.stack or (),
            wait.taken or (),
            kind,
            held,
        )

    @property
    def _held(self) -> list[Lockable]:
        found = {id(wait.target): wait.target for wait in self._stopped}
        return [lock for lock in found.values() if isinstance(lock, Lockable)]


def _owner(handle: object) -> object:
    """The queue, event, pool or the like that a lock or a condition is made for; None for none."""
    found = None
    for thing in library_self(3):
        if thing is not handle and model_class(thing):
            found = thing
            if model_class(thing) == "Future":  # a pool makes it, and gives it away
                break
    return found


_ADDRESS = re.compile(r" (object )?at 0x[0-9a-fA-F]+")


class _Short(reprlib.Repr):
    """Without what CPython shows of a lock or a condition: there would be an address in it."""

    def repr1(self, x: object, level: int) -> str:
        kind = model_class(x)
        return f"<{kind}>" if kind else super().repr1(x, level)


_short = _Short()
_short.maxstring = _short.maxother = 40


def show(value: object, names: Names | None = None) -> str:
    """A value in a few words: never an address."""
    if names is not None and value in names and type(value).__repr__ is object.__repr__:
        return names.place(value, STRUCTURE)
    if names is not None and value in names and model_class(value):
        return names.place(value, STRUCTURE)
    try:
        text = _short.repr(value)
    except Exception:  # a student's __repr__ may do anything
        text = f"<{type(value).__name__}>"
    return _ADDRESS.sub("", text)
