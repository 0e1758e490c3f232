"""What is `threading` inside a submission?

Its names mean what they mean in CPython, errors included, and are scheduled while a runtime is in
charge.
"""

from __future__ import annotations

import threading as _real
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from pytest_bankrace.model.conditions import (
    Barrier,
    BoundedSemaphore,
    BrokenBarrierError,
    Condition,
    Event,
    Semaphore,
)
from pytest_bankrace.model.copies import copied
from pytest_bankrace.model.later import guarded
from pytest_bankrace.model.locks import Lock, RLock, order
from pytest_bankrace.runtime import current
from pytest_bankrace.runtime.waits import Task

__all__ = [
    "Barrier",
    "BoundedSemaphore",
    "BrokenBarrierError",
    "Condition",
    "Event",
    "Lock",
    "RLock",
    "Semaphore",
    "Thread",
    "Timer",
    "current_thread",
    "get_ident",
    "get_native_id",
    "local",
]

TIMEOUT_MAX = _real.TIMEOUT_MAX
ThreadError = _real.ThreadError
ExceptHookArgs = _real.ExceptHookArgs
excepthook = _real.excepthook


def __getattr__(name: str) -> Any:
    value = globals()[name] = guarded("threading", name, getattr(_real, name))
    return value


class local(_real.local):  # noqa: N801
    """Data of each thread's own."""

    def __new__(cls, /, *args: Any, **kwargs: Any) -> Any:
        runtime = current.active
        if runtime is not None:
            runtime.own_workers = True
        return super().__new__(cls, *args, **kwargs)


class Thread(_real.Thread):
    """A thread that the runtime in charge schedules; a real one outside a run."""

    def __init__(
        self,
        group: None = None,
        target: Callable[..., object] | None = None,
        name: str | None = None,
        args: Iterable[Any] = (),
        kwargs: Mapping[str, Any] | None = None,
        *,
        daemon: bool | None = None,
    ) -> None:
        self._bankrace_task: Task | None = None
        runtime = current.active
        self.in_run = False  # the real one keeps it in a set of its own, whose order is nobody's
        if runtime is not None and name is None:
            name = getattr(target, "__name__", None) or type(self).__name__.lower()
        if runtime is not None and daemon is None:
            daemon = current_thread().daemon
        super().__init__(group, target, name, args, kwargs, daemon=daemon)
        self.in_run = runtime is not None

    def start(self) -> None:
        runtime = current.active
        if runtime is None:
            super().start()
            return
        if self._bankrace_task is not None:
            raise RuntimeError("threads can only be started once")
        runtime.start(self, self.name, self.run, self.daemon)

    def join(self, timeout: float | None = None) -> None:
        runtime = current.active
        if runtime is None:
            super().join(timeout)
            return
        if self._bankrace_task is None:
            raise RuntimeError("cannot join thread before it is started")
        if self._bankrace_task is runtime.current_task():
            raise RuntimeError("cannot join current thread")
        runtime.join(self._bankrace_task, timeout)

    def is_alive(self) -> bool:
        runtime = current.active
        if runtime is None or self._bankrace_task is None:
            return super().is_alive()
        return runtime.is_alive(self._bankrace_task)

    @property
    def ident(self) -> int | None:
        return super().ident if self._bankrace_task is None else _number(self._bankrace_task)

    @property
    def native_id(self) -> int | None:
        return super().native_id if self._bankrace_task is None else _number(self._bankrace_task)

    def __hash__(self) -> int:
        return order(self)

    def __repr__(self) -> str:
        return super().__repr__() if self._bankrace_task is None else f"<Thread({self.name})>"


def _number(task: Task) -> int:
    """A thread's identifier: never zero, and the same in every execution."""
    return task.index + 1


def _current_task() -> Task | None:
    runtime = current.active
    return None if runtime is None else runtime.current_task()


def current_thread() -> _real.Thread:
    """The Thread object of the caller; the scenario's own threads have one as well."""
    task = _current_task()
    if task is None:
        return _real.current_thread()
    if task.handle is None:
        task.handle = thread = Thread.__new__(Thread)
        thread.in_run = False
        _real.Thread.__init__(thread, name=task.name, daemon=False)
        thread.in_run = True
        thread._bankrace_task = task
    handle: _real.Thread = task.handle
    return handle


def get_ident() -> int:
    """The caller's identifier."""
    task = _current_task()
    return _real.get_ident() if task is None else _number(task)


def get_native_id() -> int:
    """The caller's identifier; a scheduled thread has just the one."""
    task = _current_task()
    return _real.get_native_id() if task is None else _number(task)


Timer = copied(_real.Timer, __name__, {**vars(_real), "Thread": Thread, "Event": Event}, Thread)
