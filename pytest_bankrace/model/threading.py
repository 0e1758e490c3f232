"""What is `threading` inside a submission?

Lock, RLock and Thread behave as CPython's, errors included, and are scheduled while a runtime is
in charge. What is not modelled yet is the real thing outside a run, and refused in one.
"""

from __future__ import annotations

import _thread
import threading as _real
from _thread import LockType, allocate_lock
from collections.abc import Callable, Iterable, Mapping
from types import TracebackType
from typing import Any, ClassVar

from pytest_bankrace.errors import SubmissionError
from pytest_bankrace.model.later import guarded
from pytest_bankrace.runtime import current
from pytest_bankrace.runtime.frames import frames
from pytest_bankrace.runtime.waits import Lockable, Task
from pytest_bankrace.runtime.workers import pool
from pytest_bankrace.verdict import Frame

TIMEOUT_MAX = _real.TIMEOUT_MAX
ThreadError = _real.ThreadError
ExceptHookArgs = _real.ExceptHookArgs
excepthook = _real.excepthook


def __getattr__(name: str) -> Any:
    value = globals()[name] = guarded("threading", name, getattr(_real, name))
    return value


def _order(made: Any) -> int:
    """The hash of a lock or thread: one made in a run is ordered in a set by number."""
    runtime = current.active
    return object.__hash__(made) if runtime is None or not made.in_run else runtime.order(made)


class _Lock:
    """What Lock and RLock share. Outside a run, `_native` does the work."""

    __slots__ = ("__weakref__", "_native", "_taken", "in_run", "state")

    _reentrant: ClassVar[bool]
    _native: Any

    def __init__(self) -> None:
        self.state: Lockable | None = None
        self._taken: tuple[Frame, ...] = ()
        runtime = current.active
        self.in_run = runtime is not None
        if runtime is not None:
            runtime.born(self)

    def _state(self, runtime: current.Runtime) -> Lockable:
        state = self.state
        if state is None or state.run is not runtime.epoch:
            state = runtime.adopt(self, self._reentrant)
        return state

    def acquire(self, blocking: bool = True, timeout: float = -1) -> bool:
        runtime = current.active
        if runtime is None:
            if blocking and timeout == -1:
                return self._acquire_alone()
            taken: bool = self._native.acquire(blocking, timeout)
            return taken
        if not blocking and timeout != -1:
            raise ValueError("can't specify a timeout for a non-blocking call")
        if timeout < 0 and timeout != -1:
            raise ValueError("timeout value must be a non-negative number")
        if timeout > TIMEOUT_MAX:
            raise OverflowError("timeout value is too large")
        return runtime.acquire(self._state(runtime), bool(blocking), timeout)

    def _acquire_alone(self) -> bool:
        """Acquire outside a run; an error rather than to wait for ever, where nobody is left."""
        __tracebackhide__ = True
        if not self._native.acquire(False):
            # A test without a race: the main thread, and no other but our idle workers.
            if _thread._count() <= len(pool.workers) + len(pool.abandoned):
                where, there = frames(2, 1), self._taken
                raise SubmissionError(
                    f"{where[0].file}:{where[0].line} waits for a lock for ever: it is taken"
                    f" already{f', at {there[0].place}' if there else ''}, and there is no other"
                    " thread that could release it."
                    if where
                    else "a lock is waited for that nobody is left to release."
                )
            self._native.acquire()
        self._taken = frames(2, 1)
        return True

    def release(self) -> None:
        __tracebackhide__ = True
        runtime = current.active
        if runtime is None:
            self._native.release()
        else:
            runtime.release(self._state(runtime))

    def __enter__(self) -> bool:
        return self.acquire()

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.release()

    def __hash__(self) -> int:
        return _order(self)

    def __repr__(self) -> str:
        return f"<threading.{type(self).__name__}>"


class Lock(_Lock):
    """A lock that its holder can't take again, and that any thread may release."""

    __slots__ = ()
    _reentrant = False
    _native: LockType

    def __init__(self) -> None:
        self._native = allocate_lock()
        super().__init__()

    def locked(self) -> bool:
        runtime = current.active
        if runtime is None:
            return self._native.locked()
        return runtime.locked(self._state(runtime))


class RLock(_Lock):
    """A lock that its holder may take again, and that only its holder may release."""

    __slots__ = ()
    _reentrant = True

    def __init__(self) -> None:
        self._native = _real.RLock()
        super().__init__()


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
        return _order(self)

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
