"""Who runs now, under control? Whoever the strategy picks.

A thread that reaches a probe announces its operation; the strategy picks which runnable thread
executes its pending operation; when that is the same thread, nothing is handed over. The
announcing thread runs the scheduler in place.
"""

from __future__ import annotations

import gc
from _thread import get_ident
from collections.abc import Callable, Hashable
from functools import partial
from typing import Any

from pytest_bankrace.runtime.execution import Deferred, Ending, Execution, Failure, Unwind
from pytest_bankrace.runtime.operation import Operation, Operations
from pytest_bankrace.runtime.session import Patience, Session
from pytest_bankrace.runtime.waits import Lockable, Task, waits, why_blocked
from pytest_bankrace.scenario import Scenario
from pytest_bankrace.strategy.protocol import REDUNDANT, Nondeterminism


class Scheduler(Session):
    """Runs executions of one scenario, each by the schedule that a strategy picks."""

    recording = False
    own_workers = False

    def __init__(self, scenario: Scenario, patience: Patience) -> None:
        super().__init__(patience)
        self.operations = Operations()
        self.clock = 0
        self._scenario = scenario
        self._bodies = list(zip(thread_names(scenario.threads), scenario.threads, strict=True))
        self._whole = not scenario.threads
        self._ever_ended = False
        self._quiet = min(patience.spin, patience.row) + 1
        self._always = scenario.always is not None
        self._wrote = False
        self.unasked: dict[Any, tuple[BaseException, Task | None]] = {}

    def _begin(self) -> None:
        gc.disable()  # a collector's run would put finalizers into some thread, at any step
        self._choose = self._strategy.next_thread
        self._execution = Execution([])
        self._schedule = self._execution.threads
        self._happened = self._execution.operations
        self._wrote = self._unwinding = self._reaping = self._tired = False
        self._aside = True
        self._state: tuple[Any, ...] = ()
        self._last = -1
        self._row_began = self._progress = 0
        self._alert = 0
        """The length of the schedule at which it is looked whether one thread goes on for long."""
        self.clock = 0
        self.tasks = []
        self._pending = []
        self._unfinished = self._own = self._carriers = 0
        self._others = Task(-1, "the program's own threads", _nothing)
        self._exit: Task | None = None
        self._foreign = False
        self.unasked = {}
        self._open = True
        self.spawn("main", self._main)

    def _end(self) -> None:
        """Forget what must not live on into the next execution."""

    def spawn(
        self, name: str, body: Callable[[], object], *, daemon: bool = False, of_pool: bool = False
    ) -> Task:
        """A new thread of the scenario, which begins when the strategy picks it."""
        task = Task(len(self.tasks), name, body)
        task.daemon, task.of_pool = daemon, of_pool
        self.tasks.append(task)
        self._pending.append(self.operations.begin)
        self._unfinished += not daemon
        self._own += not (daemon or of_pool)
        if daemon and self._exit is None:
            # Daemon threads go on until the program exits, at any step after the others' end.
            self._exit = self._attend("exit", self.operations.exit)
            self._exit.wants = self._rest = Task(-1, "the other threads", _nothing)
        return task

    def at_exit(self, body: Callable[[], object]) -> None:
        """One more thread, which begins once the program's own have ended: all but pools'."""

        def leave() -> None:
            task.busy, task.wants = True, None
            body()

        task = self.spawn("the interpreter's exit", leave, of_pool=True)
        task.busy = False  # nobody sees it before it begins
        task.wants = self._others
        self._pending[task.index] = self.operations.leave

    # -- In a thread of the scenario

    def _main(self) -> None:
        """The scenario's program: setup, and then its threads."""
        scenario = self._scenario
        try:
            state = scenario.setup()
        except Unwind:
            raise
        except BaseException as error:
            if not scenario.threads and not (isinstance(error, SystemExit) and error.code):
                raise  # setup is the whole program
            self.fail(Failure(Ending.SETUP, self.tasks[0], error))
        self._state = () if state is None else state if isinstance(state, tuple) else (state,)
        self._set_up()
        if scenario.always is not None:
            self._judge("always", before=True)
        for name, body in self._bodies:
            self.spawn(name, partial(body, *self._state)).given = True
        if scenario.always is not None:
            # For a search that has to come to every state, the predicate is one more thread. When
            # its one step is taken nothing is left to do: each state is judged as it comes about.
            exhaustive = self._strategy.exhaustive
            self._attend("observer", self.operations.observe if exhaustive else None)
        self._aside = False

    def _attend(self, name: str, operation: Operation | None) -> Task:
        """A thread of one step that the scheduler takes itself."""
        task = Task(len(self.tasks), name, _nothing)
        task.busy = False
        self.tasks.append(task)
        self._pending.append(operation)
        return task

    def _set_up(self) -> None:
        """Called once setup has returned, before any of the scenario's threads begins."""

    def _finished(self, task: Task) -> bool:
        """A thread's body has returned: who is next? True when the execution is over."""
        try:
            if task.error is not None:
                assertion = isinstance(task.error, AssertionError)
                ending = Ending.ASSERTION if assertion else Ending.CRASH
                self.fail(Failure(ending, task, task.error))
            self._ended(task)
            if self._wrote:
                self._after_write()
            task.busy = False
            self._pending[task.index] = None
            self._unfinished -= not task.daemon
            self._own -= not (task.daemon or task.of_pool)
            self._others.busy = self._own > 0
            if self._unfinished == 0:
                if self._exit is None:
                    self._complete()
                    return True
                self._rest.busy = False
            self._following = self._next(-1)
        except Unwind:
            return True
        return self._following is None

    def _ended(self, task: Task) -> None:
        """Called when a thread's body has returned, before anyone can know."""

    def announce(self, operation: Operation, owner: object, key: Hashable) -> bool:
        """Announce the current thread's next operation, and return when it may happen.

        What it is done to, part `key` of `owner`, is for a recorder to see. Returns True when
        another thread ran in between. Raises Unwind when the execution is over; nothing may be
        done then but to leave.
        """
        task = self._current
        if self._wrote:
            self._after_write()
        self._pending[task.index] = operation
        following = self._next(task.index)
        if following is task:
            return False
        if following is None:
            self._aside = self._unwinding = True
            raise Unwind
        self._hand_to(following)
        task.worker.baton.acquire()  # type: ignore[union-attr]
        if self._unwinding:
            raise Unwind
        return True

    def _next(self, running: int) -> Task | None:
        """The thread that goes on; None when the execution is over."""
        tasks, pending, schedule = self.tasks, self._pending, self._schedule
        runnable = []
        for index, operation in enumerate(pending):
            if operation is not None and not (operation.blocking and tasks[index].wants.busy):  # type: ignore[union-attr]
                runnable.append(index)
        if not runnable:
            self._blocked()
            return None
        length = len(schedule)
        if length >= self._alert:
            if length >= self._patience.steps and not self._may_go_on(runnable):
                return None
            runnable = self._in_fairness(runnable)
        try:
            chosen = self._choose(runnable, running, pending)
        except Nondeterminism:
            self._execution.failure = Failure(Ending.NONDETERMINISM)
            return None
        if chosen == REDUNDANT:
            self._execution.redundant = True
            return None
        operation = pending[chosen]
        assert operation is not None
        task = tasks[chosen]
        task.operations += 1
        task.ticks = 0
        if chosen != self._last:
            self._last = chosen
            self._row_began = length
            self._alert = min(length + self._quiet, self._patience.steps)
        if operation.changes:
            self._progress = length
        if operation.attended:
            pending[chosen] = None
            if operation is self.operations.exit:
                schedule.append(chosen)
                self._happened.append(operation)
                self._complete()
                return None
            return self._next(running)
        schedule.append(chosen)
        self._happened.append(operation)
        self._wrote = self._always and operation.writes
        return task

    def _in_fairness(self, runnable: list[int]) -> list[int]:
        """Who may go on, once the thread that went last has had its turn for long."""
        others = [index for index in runnable if index != self._last]
        if not others or len(others) == len(runnable):
            return runnable
        patience, length = self._patience, len(self._schedule)
        spins, row = self._spins(), length - self._row_began
        if spins > patience.spin or row > patience.row:
            self._execution.cut = "a thread that went on and on was made to let others run"
            return [min(others, key=lambda index: self.tasks[index].operations)]
        soonest = min(patience.spin - spins, patience.row - row)
        self._alert = min(length + soonest + 1, max(patience.steps, length + 1))
        return runnable

    def _spins(self) -> int:
        """How often the thread that went last has just looked at what it had looked at before."""
        spins, seen = 0, set()
        for place in range(len(self._schedule) - 1, self._row_began - 1, -1):
            operation = self._happened[place]
            if not operation.spinning or spins > self._patience.spin:
                break
            spins += operation in seen
            seen.add(operation)
        return spins

    def _may_go_on(self, runnable: list[int]) -> bool:
        """The execution has grown long: may it go on?"""
        task, patience = self.tasks[runnable[0]], self._patience
        if patience.endless:
            self._execution.failure = Failure(Ending.ENDLESS, task)
        elif self._tired:
            self._execution.failure = self.too_long(task)
        elif len(runnable) > 1 and self._ever_ended:
            self._execution.cut = f"an execution was cut after {patience.steps:,} operations"
        else:
            return True
        return False

    def _blocked(self) -> None:
        if self._unfinished:
            reason, edges = why_blocked(waits(self.tasks))
            self._execution.failure = Failure(
                Ending.BLOCKED, blockage=reason, waits=tuple(edges), task=edges[0].waiter
            )

    def refuse(self, what: str) -> None:
        """Something is used that is not modelled: no verdict can be given."""
        if self._unwinding:
            raise Unwind
        self.fail(Failure(Ending.UNMODELLED, self._current, message=what))

    # -- Judging

    def _after_write(self) -> None:
        self._wrote = False
        if not self._aside:
            self._judge("always")

    def _complete(self) -> None:
        """All threads have ended: was a lock left behind, and does at_end hold?"""
        self._ever_ended = True
        orphan = self._orphan()
        if orphan is not None:
            self.fail(Failure(Ending.ORPHAN, orphan.holder, lock=orphan))
        try:
            if self._scenario.at_end is not None:
                self._judge("at_end")
        finally:
            for error, task in self.unasked.values():
                self.fail(Failure(Ending.CRASH, task, error, unasked=True))

    def _orphan(self) -> Lockable | None:
        """A lock that a thread took as a critical section and has ended without releasing."""
        return None

    def _judge(self, which: str, *, before: bool = False) -> None:
        """Evaluate a predicate as one step, on its own behalf rather than this thread's."""
        predicate = getattr(self._scenario, which)
        task, aside = self._current, self._aside
        self._observer.ident = get_ident()
        self._current, self._aside = self._observer, True
        error: BaseException | None = None
        ending = Ending.AT_END if which == "at_end" else Ending.ALWAYS
        try:
            if predicate(*self._state) is not False:
                return
        except Deferred as deferred:
            if which == "always":
                return
            self.fail(Failure(Ending.ORPHAN, deferred.lock.holder, lock=deferred.lock))
        except AssertionError as failed:
            error = failed
        except Exception as raised:
            ending, error = Ending.PREDICATE, raised
        finally:
            self._current, self._aside = task, aside
        if before:
            message = f"`{which}` does not hold before any thread has begun"
            self.fail(Failure(Ending.SETUP, task, error, which, message=message))
        self.fail(Failure(ending, task, error, which))


def _nothing() -> None:
    pass


def thread_names(bodies: tuple[Callable[..., object], ...]) -> list[str]:
    """`teller 1` for a lambda, and otherwise the function's name; numbered where it repeats."""
    plain = [getattr(body, "__name__", "<lambda>") for body in bodies]
    plain = ["teller" if name == "<lambda>" else name for name in plain]
    names = []
    for position, name in enumerate(plain):
        repeats = plain.count(name) > 1 or name == "teller"
        names.append(f"{name} {plain[: position + 1].count(name)}" if repeats else name)
    return names
