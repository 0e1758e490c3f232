"""What do accesses, threads and the clock mean under control?

Each is announced as an operation, and takes effect once the scheduler lets it happen. Joining a
thread can block; a timed join expires when it is let go on while the thread has not ended. The
clock is virtual.
"""

from __future__ import annotations

import sys
from _thread import get_ident
from collections.abc import Callable, Hashable, Iterable, Iterator
from contextlib import contextmanager
from random import Random
from types import FunctionType
from typing import Any
from weakref import WeakKeyDictionary

from pytest_bankrace.runtime.execution import Unwind
from pytest_bankrace.runtime.identity import Identities, Known
from pytest_bankrace.runtime.locking import Locking, one_thread
from pytest_bankrace.runtime.operation import (
    IDENTITIES_INDEX,
    STRUCTURE,
    THREADS_INDEX,
    Kind,
    Location,
    Operation,
)
from pytest_bankrace.runtime.session import Patience
from pytest_bankrace.runtime.waits import Lockable, Stock, Task
from pytest_bankrace.scenario import Scenario

EPOCH = 1_700_000_000.0
"""What `time.time()` says when an execution begins."""
CLOCK_READ = 0.001
"""Seconds that pass on the virtual clock with each look at it."""
CLOCK_HASTE = 1.1
"""How much faster it passes with each further look, while nothing else happens."""


class Controlled(Locking):
    """The runtime that owns the schedule."""

    def __init__(
        self,
        scenario: Scenario,
        patience: Patience | None = None,
        seed: int = 0,
        globals_of: Callable[[], list[dict[str, Any]]] = list,
    ) -> None:
        super().__init__(scenario, patience or Patience())
        self.seed = seed
        self._globals_of = globals_of
        """The namespaces of the submission's modules, in the current execution."""
        self.epoch_time = EPOCH
        self.epoch = object()
        self._objects = Identities()
        self._by_id = self._objects.by_id
        self._hashes: dict[int, int] = {}
        self._steppers: WeakKeyDictionary[Any, Task] = WeakKeyDictionary()
        """Weak, because a generator that is given up runs its `finally`."""
        self.doubts: set[str] = set()
        """What was used whose every behaviour an exploration does not cover."""
        self._identities: dict[int, int] = {}
        self.locks: list[Lockable] = []
        self.stocks: list[Stock] = []

    def _end(self) -> None:
        self.epoch = object()
        self._objects.clear()
        self._identities.clear()
        self._hashes.clear()
        self._steppers.clear()
        self.locks.clear()
        self.stocks.clear()

    def _set_up(self) -> None:
        if not self._whole:
            self._number(self._state)

    def _number(self, state: Iterable[object]) -> None:
        """Before the threads begin: number all that they may share.

        Only an exhaustive search compares one execution with another; the others don't pay for it.
        """
        if not self._strategy.exhaustive:
            return
        scenario = self._scenario
        bodies = scenario.threads or (scenario.setup,)
        spaces = [body.__globals__ for body in bodies if isinstance(body, FunctionType)][:1]
        self._objects.number_state((*state, *bodies, *spaces, *self._globals_of()))
        for lock in self.locks:
            for operation in (lock.acquire, lock.try_, lock.timed, lock.release, lock.locked):
                operation.initial = not lock.busy
        for stock in self.stocks:
            stock.initial = stock.count
            for operation in (stock.take, stock.try_, stock.timed, *stock.gives.values()):
                operation.initial = stock.count

    def sight(self, thing: object, *, made: bool = False) -> Known:
        """The number and the operations of an object."""
        known = self._by_id.get(id(thing))
        if known is None:
            if not self._strategy.exhaustive:
                return self._objects.sight_here(thing)
            # Setup is the same in every execution.
            known = self._objects.sight(thing, self._current.index, made=made or self._aside)
        return known

    # -- Shared memory

    def read(self, owner: object, key: Hashable, also: object = None) -> bool:
        if self._aside or get_ident() != self._current.ident:
            return self.out_of_turn()
        known = self._by_id.get(id(owner)) or self.sight(owner)
        if also is None:
            operation = known.reads.get(key)
            if operation is None:
                operation = known.reads[key] = self.operations.get(
                    Kind.READ, (known.index, key), only=known.only
                )
        else:
            both = self.sight(also)
            operation = known.reads.get((both, key))
            if operation is None:
                operation = known.reads[both, key] = self.operations.get(
                    Kind.READ, (known.index, key), (both.index, key), only=one_thread(known, both)
                )
        return self.announce(operation, owner, key)

    def write(self, owner: object, key: Hashable) -> bool:
        if self._aside or get_ident() != self._current.ident:
            return self.out_of_turn()
        known = self._by_id.get(id(owner)) or self.sight(owner)
        operation = known.writes.get(key)
        if operation is None:
            operation = known.writes[key] = self.operations.get(
                Kind.WRITE, (known.index, key), only=known.only
            )
        return self.announce(operation, owner, key)

    def saw(self, value: object) -> None:
        pass

    @contextmanager
    def quietly(self) -> Iterator[None]:
        aside, self._aside = self._aside, True
        try:
            yield
        finally:
            self._aside = aside or self._unwinding

    def identity(self, thing: object) -> int:
        self.doubt("the program goes by `id`, and one order of the objects was tried")
        if self._aside or get_ident() != self._current.ident:
            self.out_of_turn()
        elif id(thing) not in self._identities:
            # Who asks first decides the order of the numbers.
            self.announce(
                self.operations.get(Kind.WRITE, (IDENTITIES_INDEX, "id")), thing, STRUCTURE
            )
        number = self._identities.setdefault(id(thing), len(self._identities))
        self._objects.keep(thing)
        return 1000 + 16 * number

    def order(self, thing: object) -> int:
        self.doubt("the program keeps objects in a set or as keys, of whose orders one was tried")
        number = self._hashes.setdefault(id(thing), len(self._hashes))
        self._objects.keep(thing)
        return number

    # -- Threads

    def _about(self, handle: object, kind: Kind) -> Operation:
        known = self.sight(handle, made=kind is Kind.START)  # nothing is announced of it before
        places: list[Location] = [(known.index, "thread")]
        if kind is Kind.START:
            # Threads are numbered in the order in which they start.
            places += [(known.index, "started"), (THREADS_INDEX, "order")]
        elif kind is Kind.END:
            places.append((THREADS_INDEX, known.index))
        return self.operations.get(kind, *places, only=known.only)

    def doubt(self, reason: str) -> None:
        self.doubts.add(reason)

    def stepped(self, generator: object) -> None:
        first = self._steppers.setdefault(generator, self._current)
        if first is not self._current:
            self.doubt("threads share a generator, and may find it running")

    def current_task(self) -> Task | None:
        """The scenario's thread that asks; None for one that is not of the scenario."""
        task = self._current
        return task if get_ident() == task.ident else None

    def start(self, handle: Any, name: str, body: Callable[[], object], daemon: bool) -> None:
        if self._unwinding:
            raise Unwind
        if self._current is self._observer:
            self.refuse("a predicate starts a thread; start threads in setup or in a thread")
        if self._aside:  # the first thread of a program that starts its own
            self._number(_locals())
            self._aside = False
        self.announce(self._about(handle, Kind.START), handle, STRUCTURE)
        if handle._bankrace_task is not None:  # another thread was the first
            raise RuntimeError("threads can only be started once")
        starter = self._current
        task = self.spawn(name, body, daemon=daemon, of_pool=handle.of_pool)
        task.handle, task.starter, handle._bankrace_task = handle, starter, task

    def join(self, task: Task, timeout: float | None) -> None:
        me = self._current
        if self._unwinding or get_ident() != me.ident:
            self.out_of_turn()
        elif self._aside:
            if task.busy:
                self.refuse("a predicate joins a thread that has not ended")
        elif not task.index and not self._whole:
            self.refuse("the main thread is joined, which waits for the scenario's threads")
        elif timeout is None:
            self._doubt_end(task)
            self._wait_for(me, task, self._about(task.handle, Kind.JOIN))
        else:
            self._doubt_end(task)
            self.announce(self._about(task.handle, Kind.JOIN_TIMED), task.handle, STRUCTURE)
            if task.busy:
                self._wait_out(me, timeout)

    def started(self, handle: Any) -> Task | None:
        me, task = self._current, handle._bankrace_task
        ours = task is not None and (task is me or task.starter in (me, None))
        if not ours and not self._aside and get_ident() == me.ident:
            known = self.sight(handle)
            self.announce(
                self.operations.get(Kind.ALIVE, (known.index, "started"), only=known.only),
                handle,
                STRUCTURE,
            )
        found: Task | None = handle._bankrace_task
        return found

    def is_alive(self, handle: Any) -> bool:
        if not self._aside and get_ident() == self._current.ident:
            self.announce(self._about(handle, Kind.ALIVE), handle, STRUCTURE)
        task: Task | None = handle._bankrace_task
        if task is None:
            return False
        self._doubt_end(task)
        return task.busy or not (task.index or self._whole)

    def threads(self) -> list[Task]:
        if not self._aside and get_ident() == self._current.ident:
            self.announce(
                self.operations.get(Kind.THREADS, (THREADS_INDEX, STRUCTURE)), None, STRUCTURE
            )
        found = [task for task in self.tasks if task.busy or not task.index]
        for task in found[1:]:
            self._doubt_end(task)
        return found

    def _doubt_end(self, task: Task) -> None:
        """The end of some threads is not a step of its own."""
        if task is not self._current and (task.given or not task.index):
            self.doubt(f"the end of {task.name} is looked at, and not each moment of it was tried")

    def _ended(self, task: Task) -> None:
        if task.index and not task.given:
            self.announce(self._about(task.handle, Kind.END), task.handle, STRUCTURE)

    # -- Time and chance

    def sleep(self, seconds: float) -> None:
        if self._aside or get_ident() != self._current.ident:
            self.out_of_turn()
            return
        self.announce(self.operations.get(Kind.SLEEP), None, STRUCTURE)
        self._wait_out(self._current, seconds)

    def now(self) -> float:
        """Seconds since the execution began, on the virtual clock."""
        if self._aside or get_ident() != self._current.ident:
            self.out_of_turn()
            return self.clock / 1e9
        self.announce(self.operations.get(Kind.CLOCK), None, STRUCTURE)
        task = self._current
        task.looks = task.looks + 1 if task.looked == task.operations - 1 else 0
        task.looked = task.operations
        self.doubt("the program looks at the clock, which can say more than was tried")
        self._progress = len(self._schedule)
        # A loop that waits by the clock, and does nothing else, comes to its end in few turns.
        self.clock += round(CLOCK_READ * CLOCK_HASTE**task.looks * 1e9)
        return self.clock / 1e9

    def random(self) -> Random:
        """The current thread's own stream of random numbers, the same in every execution."""
        task = self._current
        self.doubt("the program draws random numbers, of which one stream was tried")
        self._progress = len(self._schedule)
        if task.random is None:
            task.random = Random(f"{self.seed}/{task.index}")
        stream: Random = task.random
        return stream


def _locals() -> Iterator[object]:
    """What the program's own functions have in their variables."""
    frame = sys._getframe(2)
    while frame is not None and frame.f_code.co_name != "_main":
        yield from frame.f_locals.values()
        assert frame.f_back is not None
        frame = frame.f_back
