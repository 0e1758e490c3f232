"""What carries the threads of a scenario, and how does one execution follow another?

One thread runs at a time, passing a baton (prior art: Shuttle and Loom for Rust, Fray for the
JVM). A worker that has ended one thread goes on with the next that has yet to begin, and the one
that ends an execution begins the next: a baton moves only when another thread has to go on.

The calling thread watches: it notices code that never returns, and steps in where a worker is
lost.
"""

from __future__ import annotations

import gc
import sys
from _thread import allocate_lock, get_ident
from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from types import FrameType
from typing import Any, NoReturn, cast

from pytest_bankrace.runtime import current
from pytest_bankrace.runtime.asleep import LOOK_SECONDS, time_asleep
from pytest_bankrace.runtime.circle import CIRCLES, UNSUSPICIOUS, Circle
from pytest_bankrace.runtime.execution import Ending, Execution, Failure, Unwind
from pytest_bankrace.runtime.frames import frame_at, their_frame_of
from pytest_bankrace.runtime.operation import Kind, Operation
from pytest_bankrace.runtime.waits import Task
from pytest_bankrace.runtime.workers import Worker, pool
from pytest_bankrace.strategy.protocol import Strategy

COLLECT_EVERY = 16
"""Executions after which the garbage collector may run: it would take a tenth of the time. Much
later, what they leave behind outgrows what the process keeps, and comes as new pages each time."""
UNWIND_SECONDS = 2.0
UNWIND_RAISES = 100
"""Times that an ended execution's thread may swallow its unwinding before it is left behind."""


@dataclass(frozen=True, slots=True)
class Patience:
    """How long a thread may go on before something is done about it."""

    spin: int = 25
    """Repeated looks at the same things in a row: then another thread gets its turn."""
    row: int = 1_000
    """Operations in a row: then another thread gets its turn."""
    steps: int = 20_000
    """Operations in one execution: then it is cut, unless one thread is left or none ever ended."""
    endless: bool = False
    """At `steps` the execution is called endless: it is one that is known to be."""
    stuck_seconds: float = 10.0
    """Seconds in which no probe is reached, or an execution does not end: then it is given up."""
    asleep_seconds: float = 1.5
    """Seconds in which a thread waits for something that is not modelled: then it is given up."""


_FOREIGN = (
    "a thread that was started outside the submission and the test took part, and it can't be"
    " scheduled; start threads in the submission or in the test, through `threading`"
)


class Session(ABC):
    """Runs executions, whatever they are, one after another."""

    def __init__(self, patience: Patience) -> None:
        self.tasks: list[Task] = []
        self.inspector: Callable[[FrameType, str, Any], None] | None = None
        """A profile function for the scenario's threads, to see what code runs in them."""
        self._patience = patience
        self._observer = Task(-1, "predicate", lambda: None)
        self._current = self._observer
        self._pending: list[Operation | None] = []
        """Each thread's announced operation by number; None once it has ended."""
        self._following: Task | None = None
        self._carriers = 0
        self._execution = Execution([])
        self._aside = True
        """Accesses are not scheduled: during setup, in a predicate, while unwinding."""
        self._unwinding = False
        """The execution is over, and whoever asks for something is sent home."""
        self._reaping = False
        """Its threads are being sent home, one by one."""
        self._progress = 0
        """How long the schedule was when something last changed that a loop may wait for."""
        self._tired = False
        """The execution takes too long."""
        self._whole = False
        """The main thread is the whole program, rather than the setup of one."""
        self._open = False
        """An execution is running."""
        self._foreign = False
        """A thread that is none of the scenario's took part in it."""
        self._caller = 0
        self._executions = 0
        self._interrupted = False
        self._error: BaseException | None = None
        self._lost: Task | None = None
        """A thread whose worker will not come back from its unwinding."""

    @abstractmethod
    def _begin(self) -> None:
        """Make everything ready for an execution; its main thread is `tasks[0]`."""

    @abstractmethod
    def _finished(self, task: Task) -> bool:
        """A thread's body has returned: who is next? True when the execution is over."""

    @abstractmethod
    def _end(self) -> None:
        """Forget what must not live on into the next execution."""

    # -- As the watching thread sees it

    def run(self, strategy: Strategy) -> Execution:
        """One execution. The strategy is asked at each step; its other methods are the caller's."""
        self.explore(strategy, lambda execution: False)
        return self._execution

    def goes_again(self, strategy: Strategy, before: Execution) -> bool:
        """Whether all executions of a strategy do what one did before."""

        def go_on(execution: Execution) -> bool:
            return execution.operations == before.operations and strategy.new_execution()

        strategy.new_execution()
        self.explore(strategy, go_on)
        return self._execution.operations == before.operations

    def explore(self, strategy: Strategy, go_on: Callable[[Execution], bool]) -> None:
        """One execution after another, until `go_on`, which is told of each, says False.

        Executions follow one another in whichever worker is there at the end of each: handing
        back to the calling thread would cost as much as a third of a short execution. `go_on`
        is called there. The calling thread watches, and steps in where a worker is lost.
        """
        self._strategy, self._go_on = strategy, go_on
        self._interrupted, self._error, self._lost = False, None, None
        self._caller = get_ident()
        pool.drain()
        current.active = cast(current.Runtime, self)  # Controlled adds what is missing here
        over = False
        try:
            self._begin()
            self._hand_to(self.tasks[0])
            while not over:
                over = self._called_back() or not self._close()
                if not over:
                    self._begin()
                    self._hand_to(self.tasks[0])
        finally:
            if not over:  # Ctrl-C, or a timeout's exception
                self._interrupted = True
                if not pool.finished.acquire_within(UNWIND_SECONDS):
                    pool.abandon_all()
            current.active = None
            gc.enable()
        if self._error is not None:
            raise self._error

    def _called_back(self) -> bool:
        """Wait. True when all is over, False when this thread has to go on in a worker's place."""
        stuck_seconds = self._patience.stuck_seconds
        progress: tuple[object, int, int] | None = None
        seen: tuple[object, int, int, float | None] | None = None
        seconds = asleep = 0.0
        look = min(LOOK_SECONDS, stuck_seconds)
        while not pool.finished.acquire_within(look):
            state = self._execution, len(self._execution.threads), self._current.ticks
            was, seen = seen, (*state, self._asleep())
            asleep = asleep + look if seen == was and seen[3] is not None else 0.0
            seconds += look
            if asleep >= self._patience.asleep_seconds:
                self._give_up(self._waits_outside())
                return False
            if seconds < stuck_seconds:
                continue
            seconds = 0.0
            if progress is not None and state[0] is progress[0] and state[1:] != progress[1:]:
                self._tired = True  # it comes to a probe, and gives up there
            if state == progress:
                self._give_up()
                return False
            progress = state
        if self._lost is None:
            return True
        self._abandon(self._lost)
        self._lost = None
        return False

    def _asleep(self) -> float | None:
        """The CPU time of the current thread, if it waits for something in the kernel."""
        task = self._carried()
        if not self._open or task.worker is None:  # threads are being sent home
            return None
        return time_asleep(task.worker)

    def _carried(self) -> Task:
        """The thread in whose worker something happens: a predicate is judged in anybody's."""
        ident = self._current.ident
        ours = (task for task in self.tasks if task.worker and task.worker.ident == ident)
        return self._current if self._current in self.tasks else next(ours, self.tasks[0])

    def _waits_outside(self) -> str:
        """Where the current thread waits for something outside of what is modelled."""
        frame = sys._current_frames().get(self._current.ident)
        where = their_frame_of(frame) if frame is not None else None
        if where is None:
            return ""
        code = where.f_code
        who = "setup" if self._current.index == 0 and not self._whole else self._current.name
        at = frame_at(code.co_filename, where.f_lineno, code.co_qualname)
        return (
            f"{who} waits at {at.place} (`{at.source}`) for something that can't be"
            " scheduled: a lock, queue or thread that was made where `threading` is the real one,"
            " a file, the network, or input()"
        )

    def _give_up(self, message: str = "") -> None:
        """The current thread does not come back."""
        stuck = self._carried()
        self._execution.failure = Failure(Ending.STUCK, stuck, message=message)
        self._abandon(stuck)

    def _close(self) -> bool:
        """The execution is over: leave nothing of it behind. False when it was the last."""
        self._open = False
        self._reap()
        self._end()
        self._unwinding = False
        self._executions += 1
        if self._executions % COLLECT_EVERY == 0:
            gc.enable()  # the next allocation collects, if it is time to
        if self._foreign:
            self._execution.failure = Failure(Ending.UNMODELLED, message=_FOREIGN)
        if self._interrupted:
            return False
        try:
            return self._go_on(self._execution)
        except BaseException as error:  # for the calling thread to raise
            self._error = error
            return False

    def _reap(self) -> None:
        """Bring every thread that has begun to its end, or leave it behind."""
        self._unwinding = self._aside = self._reaping = True
        for task in self.tasks:
            worker = task.worker
            if worker is None or self._pending[task.index] is None:
                continue  # has not begun, or has ended
            if task.refused <= UNWIND_RAISES:
                self._current = task
                worker.baton.release()
                pool.done.acquire_within(UNWIND_SECONDS)
            if self._pending[task.index] is not None:
                self._abandon(task)

    def _abandon(self, task: Task) -> None:
        assert task.worker is not None
        pool.abandon(task.worker)
        task.worker = None

    # -- In a worker

    def _carry(self, task: Task) -> None:
        """What a worker does: run a thread of the scenario, and go on with what comes next."""
        following: Task | None = task
        while following is not None:
            task = following
            self._run_body(task)
            if get_ident() in pool.abandoned:
                return
            if not self._unwinding and not self._finished(task):
                following = self._next_here(task)
                continue
            if not self._reaping:  # the strategy may still look at what was left undone
                self._pending = [*self._pending]
            self._pending[task.index] = None
            if self._reaping:
                pool.done.release()
                return
            # The execution is over, and this worker is the one to begin the next.
            worker = task.worker
            if not self._close():
                pool.finished.release()
                return
            self._begin()
            self._current = following = self.tasks[0]
            assert worker is not None
            following.worker, following.ident = worker, worker.ident

    def _run_body(self, task: Task) -> None:
        try:
            if not self._unwinding:
                if self.inspector is not None and (task.index or self._whole):
                    sys.setprofile(self.inspector)
                task.body()
        except (Unwind, SystemExit):
            pass  # as CPython does, SystemExit ends just its own thread
        except BaseException as error:
            if not self._unwinding:
                task.error = error
        if self.inspector is not None:
            sys.setprofile(None)

    def _next_here(self, ended: Task) -> Task | None:
        """Hand over to the next thread; or, when it has yet to begin, carry it right here."""
        following, self._following = self._following, None
        assert following is not None
        if following.worker is not None:
            self._hand_to(following)
            return None
        following.worker, following.ident = ended.worker, ended.ident
        self._current = following
        return following

    def _hand_to(self, task: Task) -> None:
        self._current = task
        worker = task.worker
        if worker is None:
            worker = task.worker = self._free_worker()
            task.ident = worker.ident
            worker.job = partial(self._carry, task)
        worker.baton.release()

    def _free_worker(self) -> Worker:
        """A worker that carries none of this execution's threads."""
        while True:
            worker = pool[self._carriers]
            self._carriers += 1
            if worker not in [task.worker for task in self.tasks]:
                return worker

    def fail(self, failure: Failure) -> NoReturn:
        """End the execution here: the current thread goes no further."""
        self._execution.failure = failure
        self._aside = self._unwinding = True
        raise Unwind

    # -- Out of turn

    def out_of_turn(self) -> bool:
        """An access that is not scheduled: ignored, or refused by Unwind once all is over."""
        ident, task = get_ident(), self._current
        if ident == task.ident and not self._unwinding:
            return False
        if ident != task.ident:
            if ident in pool.abandoned:
                raise Unwind
            self._foreign = self._foreign or (self._open and ident != self._caller)
            return False
        if self._unwinding:
            task.refused += 1
            if task.refused > UNWIND_RAISES:
                if self._reaping:
                    pool.done.release()
                else:
                    self._lost = task
                    pool.finished.release()
                forever = allocate_lock()
                forever.acquire()
                forever.acquire()
            raise Unwind
        return False

    def tick(self) -> None:
        task = self._current
        if self._unwinding or task.ident != get_ident():
            self.out_of_turn()
            return
        task.ticks += 1
        if self._tired:
            self.fail(self.too_long(task))

    def turn(self) -> None:
        """A `while` loop's back edge: as `tick`, and a look at whether it goes in a circle."""
        self.tick()
        task = self._current
        idle = len(self._execution.threads) - self._progress
        if self._unwinding or task.ident != get_ident() or idle + task.ticks < UNSUSPICIOUS:
            return
        if task.circle is None:
            task.circle = Circle()
        same = task.circle.turn(sys._getframe(2), self._progress, self._counts())
        if same >= CIRCLES and (task.ticks >= CIRCLES or self._all_in_circles()):
            self.fail(Failure(Ending.ENDLESS, task, since=self._progress))

    def _counts(self) -> tuple[int, ...]:
        """What the model keeps that changes back and forth; see `Circle.turn`."""
        return ()

    def _all_in_circles(self) -> bool:
        """True when whoever could still change something goes in a circle as well."""
        for task, operation in zip(self.tasks, self._pending, strict=True):
            blocked = (
                operation is None
                or operation.kind is Kind.OBSERVE
                or (operation.blocking and task.wants is not None and task.wants.busy)
            )
            circle = task.circle
            if not blocked and (circle is None or circle.since(self._progress) < CIRCLES):
                return False
        return True

    def too_long(self, task: Task) -> Failure:
        """The end of an execution that takes too long to be judged."""
        seconds = self._patience.stuck_seconds
        message = (
            f"an execution did not end within {seconds:g} seconds: an endless loop, or more work"
            " than exploring can carry; use smaller loops, or `race.stress`"
        )
        return Failure(Ending.STUCK, task, message=message)
