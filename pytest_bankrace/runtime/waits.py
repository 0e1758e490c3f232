"""Who holds what, and who waits for whom?

The wait-for graph: each blocked thread waits for one thing, a lock, a notification or the end of
another thread. Once nobody can go on, the graph says why: a cycle, a lock taken again by its own
holder, or a holder that has ended.
"""

from __future__ import annotations

import sys
from collections import deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import Enum
from typing import Any

from pytest_bankrace.runtime.circle import Circle
from pytest_bankrace.runtime.operation import Operation
from pytest_bankrace.runtime.workers import Worker


class Task:
    """A thread of the scenario, as the runtimes see it.

    What most threads never change stands in the class: each execution makes its threads anew.
    """

    daemon = False
    of_pool = False
    """Does not keep the program from ending: the interpreter ends it then."""
    given = False
    """One of the scenario's own thread functions, rather than one the program started."""
    busy = True
    """Has not ended: as with a lock, who waits for it can't go on."""
    handle: Any = None
    starter: Task | None = None
    made = 0
    """Threads that it has made, to name them by."""
    error: BaseException | None = None
    worker: Worker | None = None
    ident = 0
    wants: Lockable | Stock | Waiter | Task | None = None
    stack: Any = None
    """Where it stands, while an execution is recorded or a real thread waits."""
    operations = 0
    ticks = 0
    circle: Circle | None = None
    refused = 0
    looks = looked = 0
    """Looks at the clock in a row, and the operation that the last one was."""
    random: Any = None
    waited = 0.0
    """Seconds of timeouts that it has waited out."""

    def __init__(self, index: int, name: str, body: Callable[[], object]) -> None:
        self.index = index
        self.name = name
        self.body = body

    def __repr__(self) -> str:
        return f"<Task {self.index} {self.name}>"


class Lockable:
    """The state of one lock in one execution. `busy` while somebody holds it."""

    __slots__ = (
        "acquire",
        "busy",
        "count",
        "handle",
        "holder",
        "locked",
        "mutex",
        "reentrant",
        "release",
        "run",
        "signal",
        "since",
        "taken",
        "timed",
        "try_",
    )

    acquire: Operation
    try_: Operation
    timed: Operation
    release: Operation
    locked: Operation

    def __init__(self, run: object, handle: Any, reentrant: bool) -> None:
        self.run = run
        self.handle = handle
        self.reentrant = reentrant
        self.busy = False
        self.holder: Task | None = None
        self.count = 0
        self.since = 0
        """How long the schedule was when it was last taken."""
        self.mutex = False
        """Taken by a blocking acquire: a critical section, unless it is a signal."""
        self.signal = False
        """Once released by another thread than its holder: a signal between threads."""
        self.taken: Any = None
        """Where it was taken, while an execution is recorded or real threads run."""


class Stock:
    """The state of one semaphore, or of a queue's items, in one execution."""

    __slots__ = (
        "count",
        "gives",
        "handle",
        "initial",
        "most",
        "native",
        "run",
        "take",
        "timed",
        "try_",
    )

    take: Operation
    try_: Operation
    timed: Operation

    def __init__(self, run: object, handle: Any, count: int, most: int | None) -> None:
        self.run = run
        self.handle = handle
        self.count = self.initial = count
        self.most = sys.maxsize if most is None else most
        self.gives: dict[int, Operation] = {}
        self.native: Any = None
        """What does the work, where threads are real."""

    holder = None
    taken = None

    @property
    def busy(self) -> bool:
        """None is left."""
        return self.count <= 0


class Waitable:
    """The state of one condition variable in one execution."""

    __slots__ = ("handle", "lock", "notify", "reacquire", "run", "wait", "waiters", "wake")

    wait: Operation
    wake: Operation
    reacquire: Operation
    notify: Operation

    def __init__(self, run: object, handle: Any, lock: Lockable | None) -> None:
        self.run = run
        self.handle = handle
        self.lock = lock
        """Its lock; None for one of a student's own making, which only it can handle."""
        self.waiters: deque[Waiter] = deque()
        """Who is to be notified, the longest first."""


class Waiter:
    """A thread that waits on a condition: first to be notified, and then for its lock."""

    __slots__ = ("awake", "condition", "count", "notified", "signal", "task")

    def __init__(self, task: Task, condition: Waitable) -> None:
        self.task = task
        self.condition = condition
        self.notified = False
        self.awake = False
        """Notified in time, or not: either way it goes for the lock now."""
        self.count = 0
        """How often the lock was held, and will be again."""
        self.signal: Any = None
        """What it sleeps on, where threads are real."""

    @property
    def busy(self) -> bool:
        """Can't go on."""
        lock = self.condition.lock
        return not (self.notified or self.awake) or (lock is not None and lock.busy)


class Blockage(Enum):
    """Why nobody can go on."""

    CYCLE = "cycle"
    SELF = "self"
    ORPHAN = "orphan"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Wait:
    """`waiter` waits for `target`: a lock that `holder` holds, the end of `holder`, to be notified,
    or for one of a stock."""

    waiter: Task
    target: Lockable | Stock | Waitable | Task
    holder: Task | None
    stack: Any
    taken: Any


def waits(tasks: Iterable[Task]) -> list[Wait]:
    """Each blocked thread with what it waits for, in the order of the threads."""
    found = []
    for task in tasks:
        target = task.wants
        if not task.busy or target is None or not target.busy:
            continue
        if isinstance(target, Task):
            found.append(Wait(task, target, target, task.stack, None))
            continue
        if isinstance(target, Waiter):
            lock = target.condition.lock
            if lock is None or not (target.notified or target.awake):
                found.append(Wait(task, target.condition, None, task.stack, None))
                continue
            target = lock
        found.append(Wait(task, target, target.holder, task.stack, target.taken))
    return found


def why_blocked(edges: list[Wait]) -> tuple[Blockage, list[Wait]]:
    """The sharpest reason in the wait-for graph, with the waits that show it.

    A thread that waits for itself comes first, then a cycle, then a lock whose holder ended;
    the waits of a cycle come in its order, each for the next one's thread.
    """
    by_waiter = {edge.waiter.index: edge for edge in edges}
    for edge in edges:
        if edge.holder is edge.waiter:
            return Blockage.SELF, [edge]
    for start in edges:
        path = [start]
        while (holder := path[-1].holder) is not None and (ahead := by_waiter.get(holder.index)):
            if ahead in path:
                return Blockage.CYCLE, path[path.index(ahead) :]
            path.append(ahead)
    for edge in edges:
        if edge.holder is not None and not edge.holder.busy:
            return Blockage.ORPHAN, [edge]
    return Blockage.OTHER, edges
