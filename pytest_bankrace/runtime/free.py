"""Who runs now, on real threads? Whoever the operating system lets run.

The second engine: real time, real contention, real parallelism. All threads start together, the
switch interval is small, and a seeded noise at the probes makes switches fall where they hurt.
The wait-for graph is watched live, so that a deadlock is told at once and its threads let go.
"""

from __future__ import annotations

import sys
import threading
from _thread import allocate_lock
from collections.abc import Callable, Hashable
from contextlib import AbstractContextManager, nullcontext
from functools import partial
from random import Random
from time import monotonic, perf_counter, sleep, time
from typing import Any, NoReturn

from pytest_bankrace.runtime import current
from pytest_bankrace.runtime.circle import CIRCLES, Circle
from pytest_bankrace.runtime.execution import Deferred, Ending, Failure, Unwind
from pytest_bankrace.runtime.frames import frames
from pytest_bankrace.runtime.scheduler import thread_names
from pytest_bankrace.runtime.waits import (
    Lockable,
    Stock,
    Task,
    Wait,
    Waitable,
    Waiter,
    waits,
    why_blocked,
)
from pytest_bankrace.scenario import Scenario

SWITCH_INTERVAL = 1e-5
POLL_SECONDS = 0.02
"""How often blocked threads look up, and how often the wait-for graph is looked at."""
LIMIT_SECONDS = 10.0
"""Seconds after which a repetition is given up."""
NOISE = 1 / 8
"""How often a probe lets another thread go first."""


class Free:
    """One repetition of a scenario on real threads."""

    recording = False
    own_workers = True

    def __init__(
        self, scenario: Scenario, *, copies: int = 1, seed: str = "0", lockless: bool = False
    ) -> None:
        self.epoch: object = self
        self.epoch_time = time()
        self.tasks: list[Task] = []
        self.failure: Failure | None = None
        self.seconds = 0.0
        self.stopped: list[Wait] = []
        self._scenario = scenario
        self._copies = copies
        self._seed = seed
        self._lockless = lockless
        self._began = monotonic()
        self._progress = 0
        """Counts what a loop may wait for: writes, and tries to acquire."""
        self._unwinding = False
        self._local = threading.local()
        self._lock = threading.Lock()
        self._starting = threading.Lock()
        self._ended = threading.Semaphore(0)
        self._locks: list[Lockable] = []
        self._threads: list[threading.Thread] = []
        self._at_exit: list[Callable[[], object]] = []
        self.unasked: dict[Any, tuple[BaseException, Task | None]] = {}

    # -- One repetition, as the calling thread sees it

    def run(self) -> None:
        """Run it; `failure` and `seconds` tell how it went."""
        before = sys.getswitchinterval()
        sys.setswitchinterval(SWITCH_INTERVAL)
        current.active = self
        try:
            self._run()
        except Unwind:
            pass
        finally:
            self._unwinding = True
            for thread in self._threads:
                thread.join(POLL_SECONDS * 10)
            current.active = None
            sys.setswitchinterval(before)

    def _run(self) -> None:
        scenario = self._scenario
        main = self._local.task = self._task("main", scenario.setup)
        state: Any = None
        if scenario.threads:
            try:
                state = scenario.setup()
            except Exception as error:
                self._fail(Failure(Ending.SETUP, main, error))
            main.busy = False
        arguments = () if state is None else state if isinstance(state, tuple) else (state,)
        bodies = [body for body in scenario.threads for _ in range(self._copies)]
        gate = threading.Barrier(len(bodies) or 1)
        names = thread_names(tuple(bodies))
        self._local.task = None
        started = perf_counter()
        for name, body in zip(names, bodies, strict=True):
            task = self._task(name, partial(body, *arguments))
            self._spawn(task, gate.wait)
        if not scenario.threads:
            self._spawn(main, gate.wait)
        self._watch()
        self.seconds = perf_counter() - started
        if self.failure is None:
            self._judge(arguments)

    def _task(self, name: str, body: Callable[[], object]) -> Task:
        with self._lock:
            task = Task(len(self.tasks), name, body)
            task.random = Random(f"{self._seed}/{task.index}")
            self.tasks.append(task)
        return task

    def _spawn(self, task: Task, gate: Callable[[], object] = lambda: None) -> None:
        thread = threading.Thread(target=self._carry, args=(task, gate), daemon=True)
        self._threads.append(thread)
        thread.start()

    def _carry(self, task: Task, gate: Callable[[], object]) -> None:
        self._local.task = task
        self._local.noise = Random(f"noise/{self._seed}/{task.index}").random
        gate()
        try:
            task.body()
        except (Unwind, SystemExit):
            pass
        except BaseException as error:
            assertion = isinstance(error, AssertionError)
            if not self._unwinding:
                self._note(Failure(Ending.ASSERTION if assertion else Ending.CRASH, task, error))
        task.busy = False
        self._ended.release()

    def _watch(self) -> None:
        """Until all have ended: is anybody left who can go on?"""
        before: object = None
        while True:
            live = [task for task in self.tasks if task.busy and not task.daemon]
            if self._at_exit and all(task.of_pool for task in live):
                self._spawn(self._task("the interpreter's exit", self._at_exit.pop()))
                continue
            if not live or self._unwinding:
                return
            self._ended.acquire(timeout=POLL_SECONDS)
            edges = waits(self.tasks)
            blocked = {edge.waiter for edge in edges}
            now = [(edge.waiter, edge.target, edge.waiter.operations) for edge in edges]
            if edges and blocked.issuperset(task for task in self.tasks if task.busy):
                if now == before:
                    self.stopped = edges
                    reason, cycle = why_blocked(edges)
                    self._note(
                        Failure(
                            Ending.BLOCKED, cycle[0].waiter, blockage=reason, waits=tuple(cycle)
                        )
                    )
                    return
                before = now
            else:
                before = None
            if monotonic() - self._began > LIMIT_SECONDS:
                self._note(Failure(Ending.STUCK, live[0]))

    def _judge(self, arguments: tuple[Any, ...]) -> None:
        """All have ended: was a lock left behind, and do the predicates hold?"""
        self._local.task = self._observer = Task(-1, "predicate", lambda: None)
        for lock in self._locks:
            holder = lock.holder
            if holder is not None and lock.mutex and not (holder.busy or holder is self.tasks[0]):
                self._fail(Failure(Ending.ORPHAN, holder, lock=lock))
        for which in ("always", "at_end"):
            predicate = getattr(self._scenario, which)
            if predicate is None:
                continue
            ending = Ending.AT_END if which == "at_end" else Ending.ALWAYS
            try:
                if predicate(*arguments) is False:
                    self._fail(Failure(ending, predicate=which))
            except Deferred as deferred:
                self._fail(Failure(Ending.ORPHAN, deferred.lock.holder, lock=deferred.lock))
            except AssertionError as error:
                self._fail(Failure(ending, error=error, predicate=which))
            except Exception as error:
                self._fail(Failure(Ending.PREDICATE, error=error, predicate=which))
        for unasked, task in self.unasked.values():
            self._fail(Failure(Ending.CRASH, task, unasked, unasked=True))

    def _note(self, failure: Failure) -> None:
        with self._lock:
            self.failure = self.failure or failure
        self._unwinding = True

    def _fail(self, failure: Failure) -> NoReturn:
        self._note(failure)
        raise Unwind

    # -- At the probes

    def _probe(self) -> bool:
        task = self.current_task()
        if task is None or task.index <= 0:
            return False
        if self._unwinding:
            raise Unwind
        task.operations += 1
        task.ticks = 0
        if self._local.noise() < NOISE:
            sleep(0)
        return True

    def read(self, owner: object, key: Hashable, also: object = None) -> bool:
        return self._probe()

    def write(self, owner: object, key: Hashable) -> bool:
        self._progress += 1
        return self._probe()

    def look(self, owner: object, key: Hashable) -> None:
        self._probe()

    def change(self, owner: object, key: Hashable) -> None:
        self.write(owner, key)

    def saw(self, value: object) -> None:
        pass

    def tick(self) -> None:
        task = self.current_task()
        if task is None:
            return
        if self._unwinding:
            raise Unwind
        task.ticks += 1

    def turn(self) -> None:
        self.tick()
        task = self.current_task()
        if task is None:
            return
        if task.circle is None:
            task.circle = Circle()
        same = task.circle.turn(sys._getframe(2), self._progress)
        if same >= CIRCLES and (task.ticks >= CIRCLES or self._all_in_circles()):
            self._fail(Failure(Ending.ENDLESS, task))

    def _all_in_circles(self) -> bool:
        blocked = {edge.waiter for edge in waits(self.tasks)}
        for task in self.tasks:
            circle = task.circle
            going = circle is not None and circle.since(self._progress) >= CIRCLES
            if task.busy and not going and task not in blocked:
                return False
        return True

    def progressed(self) -> None:
        self._progress += 1

    def doubt(self, reason: str) -> None:
        pass

    def stepped(self, generator: object) -> None:
        pass

    def quietly(self) -> AbstractContextManager[None]:
        return nullcontext()

    def identity(self, thing: object) -> int:
        return id(thing)

    def order(self, thing: object) -> int:
        return object.__hash__(thing)

    # -- The model's primitives

    def born(self, handle: object) -> None:
        pass

    def number(self, thing: object) -> int:
        return id(thing)

    def at_exit(self, body: Callable[[], object]) -> None:
        with self._lock:
            self._at_exit.append(body)

    def adopt(self, handle: Any, reentrant: bool) -> Lockable:
        with self._lock:
            if handle.state is None or handle.state.run is not self:
                handle.state = Lockable(self, handle, reentrant)
                self._locks.append(handle.state)
            state: Lockable = handle.state
        return state

    def acquire(self, lock: Lockable, blocking: bool, timeout: float) -> bool:
        if self._lockless:
            return True
        task, native = self.current_task(), lock.handle._native
        if task is None:
            taken: bool = native.acquire(blocking, timeout)
            return taken
        if not native.acquire(False):
            if not blocking or timeout >= 0:
                self._progress += 1
                if not blocking or not native.acquire(True, timeout):
                    return False
            else:
                self._wait_for(task, lock, partial(native.acquire, True, POLL_SECONDS))
        lock.count += 1
        if lock.count == 1:
            lock.busy, lock.holder, lock.taken = True, task, frames(3, 1)
            lock.mutex = blocking and timeout < 0 and not lock.signal
        return True

    def _wait_for(
        self, task: Task, target: Lockable | Stock | Waiter | Task, wait: Callable[[], bool]
    ) -> None:
        task.stack, task.wants = frames(4), target
        while not wait():
            if self._unwinding:
                raise Unwind
            holder = getattr(target, "holder", None)
            if task.index < 0 and isinstance(target, Stock):
                raise Deferred(target)
            if task.index < 0 and holder is not None and isinstance(target, Lockable):
                raise Deferred(target)
        task.wants = None

    def release(self, lock: Lockable) -> None:
        if self._lockless:
            return
        native = lock.handle._native
        if lock.reentrant and lock.holder is not self.current_task() and not self._unwinding:
            raise RuntimeError("cannot release un-acquired lock")
        if lock.count == 1:
            if lock.holder is not self.current_task():
                lock.mutex, lock.signal = False, True
            lock.count, lock.busy, lock.holder = 0, False, None
        elif lock.count:
            lock.count -= 1
        try:
            native.release()
        except RuntimeError:
            if not self._unwinding:
                raise

    def locked(self, lock: Lockable) -> bool:
        locked: bool = lock.handle._native.locked()
        return locked and not self._lockless

    def adopt_stock(self, handle: Any, count: int, most: int | None) -> Stock:
        with self._lock:
            if handle.state is None or handle.state.run is not self:
                made = Stock(self, handle, count, most)
                made.native = threading.Semaphore(count)
                handle.state = made
            state: Stock = handle.state
        return state

    def take(self, stock: Stock, blocking: bool, timeout: float | None) -> bool:
        task = self.current_task()
        taken = self._lockless or stock.native.acquire(False)
        if not taken and blocking and task is not None:
            wait = partial(stock.native.acquire, True)
            if timeout is None:
                self._wait_for(task, stock, partial(wait, POLL_SECONDS))
                taken = True
            else:
                taken = self._within(timeout, wait)
        self._progress += 1
        with self._lock:
            stock.count -= taken
        return taken

    def give(self, stock: Stock, count: int) -> bool:
        with self._lock:
            if stock.count + count > stock.most:
                return False
            stock.count += count
        stock.native.release(count)
        return True

    def left(self, stock: Stock) -> int:
        self._probe()
        return stock.count

    def owns(self, lock: Lockable) -> bool:
        return self._lockless or lock.holder is self.current_task()

    def adopt_condition(self, handle: Any, lock: Lockable | None) -> Waitable:
        with self._lock:
            if handle.state is None or handle.state.run is not self:
                handle.state = Waitable(self, handle, lock)
            state: Waitable = handle.state
        return state

    def enlist(self, condition: Waitable) -> Waiter:
        task, lock = self.current_task(), condition.lock
        if task is None or task.index < 0:
            self.refuse("setup or a predicate waits on a condition, and nobody else runs meanwhile")
        if self._lockless:
            self.refuse("without locks there is nothing to wait for")
        waiter = Waiter(task, condition)
        waiter.count = lock.count if lock is not None else 0
        waiter.signal = allocate_lock()
        waiter.signal.acquire()
        with self._lock:
            condition.waiters.append(waiter)
        for _ in range(waiter.count):
            assert lock is not None
            self.release(lock)
        return waiter

    def wake(self, waiter: Waiter, timeout: float | None) -> bool:
        task, lock, signal = waiter.task, waiter.condition.lock, waiter.signal
        in_time = True
        if timeout is None:
            self._wait_for(task, waiter, partial(signal.acquire, True, POLL_SECONDS))
        else:
            self._progress += 1
            in_time = self._within(timeout, partial(signal.acquire, True))
        for _ in range(waiter.count):
            assert lock is not None
            self.acquire(lock, True, -1)
        if not in_time:
            self.delist(waiter)
        return in_time

    def delist(self, waiter: Waiter) -> None:
        with self._lock:
            if waiter in waiter.condition.waiters:
                waiter.condition.waiters.remove(waiter)

    def notify(self, condition: Waitable, count: int | None) -> list[Task]:
        self._progress += 1
        woken: list[Task] = []
        with self._lock:
            while condition.waiters and (count is None or len(woken) < count):
                waiter = condition.waiters.popleft()
                waiter.notified = True
                waiter.signal.release()
                woken.append(waiter.task)
        return woken

    def waited(self) -> float:
        return monotonic()

    def current_task(self) -> Task | None:
        return getattr(self._local, "task", None)

    def start(self, handle: Any, name: str, body: Callable[[], object], daemon: bool) -> None:
        if self._unwinding:
            raise Unwind
        with self._starting:
            if handle._bankrace_task is not None:
                raise RuntimeError("threads can only be started once")
            task = self._task(name, body)
            task.daemon, task.handle, handle._bankrace_task = daemon, handle, task
        task.of_pool = handle.of_pool
        self._spawn(task)

    def join(self, task: Task, timeout: float | None) -> None:
        me = self.current_task()

        def ended(seconds: float = POLL_SECONDS) -> bool:
            if task.busy:
                sleep(min(seconds, POLL_SECONDS / 20))
            return not task.busy

        if me is None:
            return
        if timeout is None:
            self._wait_for(me, task, ended)
        else:
            self._within(timeout, ended)

    def started(self, handle: Any) -> Task | None:
        found: Task | None = handle._bankrace_task
        return found

    def is_alive(self, handle: Any) -> bool:
        task: Task | None = handle._bankrace_task
        return task is not None and task.busy

    def threads(self) -> list[Task]:
        return [task for task in self.tasks if task.busy or not task.index]

    def sleep(self, seconds: float) -> None:
        def slept(seconds: float) -> bool:
            sleep(seconds)
            return False

        self._within(seconds, slept)

    def _within(self, seconds: float, wait: Callable[[float], bool]) -> bool:
        """Wait, a little at a time, until it has come or the time is over; whether it came."""
        deadline = monotonic() + seconds
        while not wait(min(max(deadline - monotonic(), 0.0), POLL_SECONDS)):
            if self._unwinding:
                raise Unwind
            if monotonic() >= deadline:
                return False
        return True

    def now(self) -> float:
        return monotonic() - self._began

    def random(self) -> Random:
        task = self.current_task()
        stream: Random = task.random if task is not None else self.tasks[0].random
        return stream

    def refuse(self, what: str) -> NoReturn:
        self._fail(Failure(Ending.UNMODELLED, self.current_task(), message=what))
