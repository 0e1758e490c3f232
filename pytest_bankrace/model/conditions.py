"""What are Condition, Semaphore, Event and Barrier inside a submission?

Waiting on a condition and notifying it are the runtime's own operations, and so is what a semaphore
does. All else is the standard library's own code, as this interpreter has it, over our locks and
conditions. Outside a run, all of it is.
"""

from __future__ import annotations

import threading as _real
from time import monotonic
from typing import Any

from pytest_bankrace.model.copies import copied
from pytest_bankrace.model.locks import Lock, RLock
from pytest_bankrace.runtime import current
from pytest_bankrace.runtime.waits import Stock, Waitable

BrokenBarrierError = _real.BrokenBarrierError


def waited() -> float:
    """The clock by which a timeout is cut into several waits: the thread's own.

    A look at the common clock would depend on what the others do. All that is asked of it is
    whether the timeout is over, and that a wait may always answer by expiring.
    """
    runtime = current.active
    return monotonic() if runtime is None else runtime.waited()


_SPACE: dict[str, Any] = {**vars(_real), "Lock": Lock, "RLock": RLock, "_time": waited}
_Copy: Any = copied(_real.Condition, __name__, _SPACE)


class Condition(_Copy):  # type: ignore[misc]
    """As `threading.Condition`."""

    def __init__(self, lock: Any = None) -> None:
        super().__init__(lock)
        self.state: Waitable | None = None
        runtime = current.active
        if runtime is not None:
            runtime.born(self)

    def state_in(self, runtime: current.Runtime) -> Waitable:
        """Its state in the current execution."""
        state = self.state
        if state is None or state.run is not runtime.epoch:
            lock = self._lock
            ours = lock.state_in(runtime) if isinstance(lock, Lock | RLock) else None
            state = runtime.adopt_condition(self, ours)
        return state

    def _owned(self, runtime: current.Runtime, doing: str) -> Waitable:
        state = self.state_in(runtime)
        if state.lock is not None and runtime.owns(state.lock):
            return state
        if not self._is_owned():
            raise RuntimeError(f"cannot {doing} on un-acquired lock")
        if state.lock is not None:  # all that CPython can see of a Lock is that it is held
            runtime.doubt("a condition is used by a thread while another one holds its lock")
        return state

    def wait(self, timeout: float | None = None) -> bool:
        runtime = current.active
        if runtime is None:
            notified: bool = super().wait(timeout)
            return notified
        if timeout is not None and timeout > _real.TIMEOUT_MAX:
            raise OverflowError("timestamp too large to convert to C PyTime_t")
        state = self._owned(runtime, "wait")
        waiter = runtime.enlist(state)
        if state.lock is not None:
            return runtime.wake(waiter, timeout)
        saved = self._release_save()
        try:
            return runtime.wake(waiter, timeout)
        finally:
            self._acquire_restore(saved)
            runtime.delist(waiter)

    def notify(self, n: int = 1) -> None:
        runtime = current.active
        if runtime is None:
            super().notify(n)
        else:
            runtime.notify(self._owned(runtime, "notify"), n)

    def notify_all(self) -> None:
        runtime = current.active
        if runtime is None:
            super().notify_all()
        else:
            runtime.notify(self._owned(runtime, "notify"), None)

    @property
    def _waiters(self) -> Any:
        """CPython's own queue: in a run, those who wait by the runtime's."""
        runtime = current.active
        if runtime is None:
            return self._queue
        runtime.doubt("the program looks at who waits on a condition")
        return self.state_in(runtime).waiters

    @_waiters.setter
    def _waiters(self, queue: Any) -> None:
        self._queue = queue


_SPACE["Condition"] = Condition


class _Announced:
    """An attribute that is read without the lock: by the library's own code, or by a student's."""

    def __set_name__(self, owner: type, name: str) -> None:
        self._name = name

    def __get__(self, instance: Any, owner: type | None = None) -> Any:
        if instance is None:
            return self
        if (runtime := current.active) is not None:
            runtime.look(instance, self._name)
        value = vars(instance)[self._name]
        if runtime is not None and runtime.recording:
            runtime.saw(value)
        return value

    def __set__(self, instance: Any, value: Any) -> None:
        if (runtime := current.active) is not None:
            runtime.change(instance, self._name)
            if runtime.recording:
                runtime.saw(value)
        vars(instance)[self._name] = value


class Semaphore(copied(_real.Semaphore, __name__, _SPACE)):  # type: ignore[misc]
    """As `threading.Semaphore`; in a run each of its methods is one step."""

    _most: int | None = None

    def __init__(self, value: int = 1) -> None:
        super().__init__(value)
        self.state: Stock | None = None
        runtime = current.active
        if runtime is not None:
            runtime.born(self)

    def state_in(self, runtime: current.Runtime) -> Stock:
        """Its state in the current execution."""
        state = self.state
        if state is None or state.run is not runtime.epoch:
            state = runtime.adopt_stock(self, self._kept, self._most)
        return state

    @property
    def _value(self) -> int:
        runtime = current.active
        return self._kept if runtime is None else runtime.left(self.state_in(runtime))

    @_value.setter
    def _value(self, value: int) -> None:
        self._kept = value

    def acquire(self, blocking: bool = True, timeout: float | None = None) -> bool:
        runtime = current.active
        if runtime is None:
            taken: bool = super().acquire(blocking, timeout)
            return taken
        if not blocking and timeout is not None:
            raise ValueError("can't specify timeout for non-blocking acquire")
        return runtime.take(self.state_in(runtime), blocking, timeout)

    __enter__ = acquire

    def release(self, n: int = 1) -> None:
        runtime = current.active
        if runtime is None:
            super().release(n)
            return
        if n < 1:
            raise ValueError("n must be one or more")
        if not runtime.give(self.state_in(runtime), n):
            raise ValueError("Semaphore released too many times")


_SPACE["Semaphore"] = Semaphore
_Bounded: Any = copied(_real.BoundedSemaphore, __name__, _SPACE, Semaphore)


class BoundedSemaphore(_Bounded):  # type: ignore[misc]
    """As `threading.BoundedSemaphore`; in a run each of its methods is one step."""

    def release(self, n: int = 1) -> None:
        if current.active is None:
            super().release(n)
        else:
            Semaphore.release(self, n)

    @property
    def _most(self) -> int:
        most: int = self._initial_value
        return most


class Event(copied(_real.Event, __name__, _SPACE)):  # type: ignore[misc]
    """As `threading.Event`."""

    _flag = _Announced()


class Barrier(copied(_real.Barrier, __name__, _SPACE)):  # type: ignore[misc]
    """As `threading.Barrier`."""

    _state = _Announced()
    _count = _Announced()
