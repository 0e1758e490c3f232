"""What are the threads of a submission, and which are there?

A Thread is scheduled by the runtime in charge, and is a real one outside a run; everything else
behaves as CPython's, errors and names included.
"""

from __future__ import annotations

import sys
import threading as _real
import warnings
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from pytest_bankrace.model.hooks import excepthook_of
from pytest_bankrace.model.locks import order
from pytest_bankrace.runtime import current
from pytest_bankrace.runtime.execution import Unwind
from pytest_bankrace.runtime.waits import Task


class Thread(_real.Thread):
    """A thread that the runtime in charge schedules; a real one outside a run."""

    # In the class as well: a subclass may forget to call `super().__init__()`.
    _initialized = False
    of_pool = False
    in_run = False
    _bankrace_task: Task | None = None
    _bankrace_epoch: object = None
    """The execution that it was made in."""
    # The real one's own.
    _name: str
    _daemonic: bool
    _started: _real.Event

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
        runtime = current.active
        self.in_run = False  # the real one keeps it in a set of its own, whose order is nobody's
        if runtime is not None:
            if name is None:
                name = _new_name(runtime, target)
            if daemon is None:
                daemon = current_thread().daemon
            self._bankrace_epoch = runtime.epoch
        super().__init__(group, target, name, args, kwargs, daemon=daemon)
        self.in_run = runtime is not None
        if runtime is not None:
            runtime.born(self)

    def start(self) -> None:
        runtime = current.active
        if runtime is None:
            super().start()
            return
        if not self._initialized:
            raise RuntimeError("thread.__init__() not called")
        self._refuse_foreign(runtime)
        if self._bankrace_task is not None:
            raise RuntimeError("threads can only be started once")
        runtime.start(self, self.told, self._bankrace_run, self._daemonic)
        self._started.set()

    def join(self, timeout: float | None = None) -> None:
        if not self._initialized:
            raise RuntimeError("Thread.__init__() not called")
        runtime = current.active
        if runtime is None:
            if self._bankrace_task is None:
                super().join(timeout)
            return
        self._refuse_foreign(runtime)
        task = runtime.started(self)
        if task is None:
            raise RuntimeError("cannot join thread before it is started")
        if task is runtime.current_task():
            raise RuntimeError("cannot join current thread")
        runtime.join(task, timeout)

    def is_alive(self) -> bool:
        if not self._initialized:
            raise AssertionError("Thread.__init__() not called")
        runtime = current.active
        if runtime is None:
            return self._bankrace_task is None and super().is_alive()
        self._refuse_foreign(runtime)
        return runtime.is_alive(self)

    @property
    def told(self) -> str:
        """What reports call it."""
        return self._name

    @property
    def name(self) -> str:
        return super().name

    @name.setter
    def name(self, name: str) -> None:
        runtime = current.active
        if runtime is not None and self._bankrace_task is not None:
            runtime.doubt("a running thread's name is changed, which others may read")
        _real.Thread.name.fset(self, name)  # type: ignore[attr-defined]

    @property
    def ident(self) -> int | None:
        if not self._initialized:
            raise AssertionError("Thread.__init__() not called")
        runtime = current.active
        if runtime is None or self._bankrace_epoch is not runtime.epoch:
            return super().ident
        task = runtime.started(self)
        return None if task is None else _number(task)

    @property
    def native_id(self) -> int | None:
        return super().native_id if current.active is None else self.ident

    def __hash__(self) -> int:
        return order(self)

    def __repr__(self) -> str:
        runtime = current.active
        if self._bankrace_epoch is None or not self._initialized:
            return super().__repr__()
        status = ""
        if runtime is not None and self._bankrace_epoch is runtime.epoch:
            task = runtime.started(self)
            alive = task is not None and runtime.is_alive(self)
            status = ", started" if alive else ", initial" if task is None else ", stopped"
            status += " daemon" if self._daemonic else ""
            status += "" if task is None else f" {_number(task)}"
        return f"<{type(self).__name__}({self._name}{status})>"

    def _bankrace_run(self) -> None:
        """What a scheduled thread does; an exception may be the program's own hook's to handle."""
        try:
            self.run()
        except (Unwind, SystemExit):
            raise
        except BaseException:
            runtime = current.active
            hook = None if runtime is None else excepthook_of(runtime)
            if hook is None:
                raise
            kind, error, traceback = sys.exc_info()
            hook(_real.ExceptHookArgs((kind, error, traceback, self)))

    def _refuse_foreign(self, runtime: current.Runtime) -> None:
        """A thread starts once only, and each execution is a program of its own."""
        if self._bankrace_epoch is not runtime.epoch:
            runtime.refuse(
                f"the thread {self._name!r} was made outside the race, and a thread starts once"
                " only; a race runs many times: make the thread in setup, or in a thread"
            )


def _new_name(runtime: current.Runtime, target: object) -> str:
    """As CPython's `Thread-1 (work)`, but the same in each execution: numbered by its maker."""
    maker = _here(runtime) or runtime.tasks[0]
    maker.made += 1
    number = f"{maker.index}.{maker.made}" if maker.index else f"{maker.made}"
    of = getattr(target, "__name__", None)
    return f"Thread-{number}" if of is None else f"Thread-{number} ({of})"


def _here(runtime: current.Runtime) -> Task | None:
    """The scenario's thread that asks; a predicate is as if the main thread judged it."""
    task = runtime.current_task()
    return task if task is None or task.index >= 0 else runtime.tasks[0]


def _number(task: Task) -> int:
    """A thread's identifier: never zero, and the same in every execution."""
    return task.index + 1


def _thread_of(runtime: current.Runtime, task: Task) -> Thread:
    """A task's Thread object; the scenario's own threads and its main one get theirs here."""
    if task.handle is None:
        task.handle = thread = Thread.__new__(Thread)
        name = task.name if task.index else "MainThread"
        _real.Thread.__init__(thread, name=name, daemon=False)
        thread._started.set()
        thread._bankrace_epoch, thread._bankrace_task = runtime.epoch, task
        thread.in_run = True
    found: Thread = task.handle
    return found


def current_thread() -> _real.Thread:
    """The Thread object of the caller; the scenario's own threads have one as well."""
    runtime = current.active
    task = None if runtime is None else _here(runtime)
    if runtime is None or task is None:
        return _real.current_thread()
    return _thread_of(runtime, task)


def main_thread() -> _real.Thread:
    """The Thread object of the program's main thread, or of the one that ran setup."""
    runtime = current.active
    return _real.main_thread() if runtime is None else _thread_of(runtime, runtime.tasks[0])


def enumerate() -> list[_real.Thread]:
    """The threads that have been started and have not ended, and the main one."""
    runtime = current.active
    if runtime is None:
        return _real.enumerate()
    return [_thread_of(runtime, task) for task in runtime.threads()]


def active_count() -> int:
    """How many threads `enumerate` would list."""
    runtime = current.active
    return _real.active_count() if runtime is None else len(runtime.threads())


def get_ident() -> int:
    """The caller's identifier."""
    runtime = current.active
    task = None if runtime is None else _here(runtime)
    return _real.get_ident() if task is None else _number(task)


def get_native_id() -> int:
    """The caller's identifier; a scheduled thread has just the one."""
    return _real.get_native_id() if current.active is None else get_ident()


def currentThread() -> _real.Thread:  # noqa: N802
    """The old name of `current_thread`."""
    _deprecated("currentThread", "current_thread")
    return current_thread()


def activeCount() -> int:  # noqa: N802
    """The old name of `active_count`."""
    _deprecated("activeCount", "active_count")
    return active_count()


def _deprecated(old: str, new: str) -> None:
    warnings.warn(f"{old}() is deprecated, use {new}() instead", DeprecationWarning, stacklevel=3)
