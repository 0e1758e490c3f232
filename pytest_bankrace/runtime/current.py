"""Which runtime is in charge of the probes and of the model's primitives right now?

One mutable cell, because every probe reads it: ``active`` is None outside a run, and then a
probe does nothing and a primitive behaves as the standard library's does.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable
from contextlib import AbstractContextManager
from random import Random
from typing import Any, Protocol

from pytest_bankrace.runtime.waits import Lockable, Stock, Task, Waitable, Waiter


class Runtime(Protocol):
    """What rewritten code and the model's primitives may ask of the runtime in charge."""

    recording: bool
    """True while an execution is recorded for a report: only then is `saw` called."""

    def read(self, owner: object, key: Hashable, also: object = None) -> bool:
        """Announce a read of location (owner, key), and return when it may happen.

        `also` names a second owner for the same key: a read through an instance that falls
        through to a class attribute depends on both. Returns True when another thread ran
        in between, so that what was looked up before the call may be stale.
        """
        ...

    def write(self, owner: object, key: Hashable) -> bool:
        """Announce a write to location (owner, key); returns as `read` does."""
        ...

    def look(self, owner: object, key: Hashable) -> None:
        """Announce a read of what the model's own object keeps: it orders those who share it."""
        ...

    def change(self, owner: object, key: Hashable) -> None:
        """Announce a write of it."""
        ...

    def saw(self, value: object) -> None:
        """Tell the recorder the value that the last granted operation read or writes."""
        ...

    def tick(self) -> None:
        """A loop's back edge: the place where an endless loop can be stopped."""
        ...

    def turn(self) -> None:
        """A `while` loop's back edge, called by a probe that the loop calls."""
        ...

    unasked: dict[Any, tuple[BaseException, Task | None]]
    """Futures that have an exception which nobody has asked for, with the thread that set it."""

    # What the model's primitives ask for; each is the standard library's, by its own name.

    epoch: object
    """A new one for each execution: what an earlier one left in a lock does not count."""
    own_workers: bool
    """Each thread has an operating-system thread of its own, and they run at the same time."""
    tasks: list[Task]
    """The scenario's threads, the main one first."""
    epoch_time: float
    """What `time.time()` says when the execution begins."""

    def quietly(self) -> AbstractContextManager[None]:
        """What is done inside is not scheduled: a module's own code, when it is first needed."""
        ...

    def identity(self, thing: object) -> int:
        """A number for an object in place of its `id`, the same in every execution."""
        ...

    def order(self, thing: object) -> int:
        """A number for an object in place of its address, for sets to be ordered by."""
        ...

    def number(self, thing: object) -> int:
        """A number for an object that the caller has just made: the same in every execution."""
        ...

    def at_exit(self, body: Callable[[], object]) -> None:
        """Run `body` once the program's own threads have ended: all but those of pools."""
        ...

    def born(self, handle: object) -> None:
        """A lock, a condition or a thread was made."""
        ...

    def adopt(self, handle: Any, reentrant: bool) -> Lockable:
        """The state of a lock in this execution, which is also put into `handle.state`."""
        ...

    def acquire(self, lock: Lockable, blocking: bool, timeout: float) -> bool: ...

    def release(self, lock: Lockable) -> None: ...

    def locked(self, lock: Lockable) -> bool: ...

    def adopt_stock(self, handle: Any, count: int, most: int | None) -> Stock:
        """The state of a semaphore, or of a queue's items, in this execution, which is also put
        into `handle.state`. There are `count` of them, and may be `most`.
        """
        ...

    def take(self, stock: Stock, blocking: bool, timeout: float | None) -> bool:
        """Take one; False when there was none, or none in time."""
        ...

    def give(self, stock: Stock, count: int) -> bool:
        """Give some back; False, and none is given, when they would be too many."""
        ...

    def left(self, stock: Stock) -> int:
        """How many are there."""
        ...

    def owns(self, lock: Lockable) -> bool:
        """Whether the calling thread holds a lock."""
        ...

    def adopt_condition(self, handle: Any, lock: Lockable | None) -> Waitable:
        """The state of a condition in this execution, which is also put into `handle.state`.

        `lock` is None where it is of a student's own making: the caller releases and acquires it.
        """
        ...

    def enlist(self, condition: Waitable) -> Waiter:
        """Join those who wait, and release the lock."""
        ...

    def wake(self, waiter: Waiter, timeout: float | None) -> bool:
        """Wait to be notified, and acquire the lock. False when the timeout came first."""
        ...

    def delist(self, waiter: Waiter) -> None:
        """Leave those who wait, if still among them."""
        ...

    def notify(self, condition: Waitable, count: int | None) -> list[Task]:
        """Notify that many waiting threads, or all; who they are."""
        ...

    def waited(self) -> float:
        """Seconds of timeouts that the calling thread has waited out."""
        ...

    def current_task(self) -> Task | None:
        """The scenario's thread that asks; None for one that is not of the scenario."""
        ...

    def start(self, handle: Any, name: str, body: Callable[[], object], daemon: bool) -> None:
        """Begin a thread, and put its task into `handle._bankrace_task` before it runs."""
        ...

    def join(self, task: Task, timeout: float | None) -> None: ...

    def started(self, handle: Any) -> Task | None:
        """A thread's task, once it is started; None before."""
        ...

    def is_alive(self, handle: Any) -> bool: ...

    def threads(self) -> list[Task]:
        """Those that have been started and have not ended, and the main one."""
        ...

    def sleep(self, seconds: float) -> None: ...

    def now(self) -> float:
        """Seconds since the execution began."""
        ...

    def random(self) -> Random:
        """The calling thread's own stream of random numbers."""
        ...

    def progressed(self) -> None:
        """Something changed that no operation tells of: who waits for it is in no circle."""
        ...

    def doubt(self, reason: str) -> None:
        """Something is used of whose behaviours not all are tried: no proof can be given."""
        ...

    def stepped(self, generator: object) -> None:
        """A generator goes on: two threads that step the same one may collide."""
        ...

    def refuse(self, what: str) -> None:
        """Something is used that is not modelled: no verdict can be given."""
        ...


active: Runtime | None = None
