"""What are Lock and RLock inside a submission?

They behave as CPython's, errors included, and are scheduled while a runtime is in charge.
"""

from __future__ import annotations

import _thread
import threading as _real
from _thread import LockType, allocate_lock
from types import TracebackType
from typing import Any, ClassVar

from pytest_bankrace.errors import SubmissionError
from pytest_bankrace.runtime import current
from pytest_bankrace.runtime.frames import frames
from pytest_bankrace.runtime.waits import Lockable
from pytest_bankrace.runtime.workers import pool
from pytest_bankrace.verdict import Frame

STARTING = 1.0
"""Seconds that a thread may take to begin; before, it is not counted among the threads."""


def order(made: Any) -> int:
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

    def state_in(self, runtime: current.Runtime) -> Lockable:
        """Its state in the current execution."""
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
        if timeout > _real.TIMEOUT_MAX:
            raise OverflowError("timeout value is too large")
        return runtime.acquire(self.state_in(runtime), bool(blocking), timeout)

    def _acquire_alone(self) -> bool:
        """Acquire outside a run; an error rather than to wait for ever, where nobody is left."""
        __tracebackhide__ = True
        if not self._native.acquire(timeout=STARTING):
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
            runtime.release(self.state_in(runtime))

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
        return order(self)

    def __repr__(self) -> str:
        runtime = current.active
        if runtime is None:
            return repr(self._native)
        state, native = self.state_in(runtime), type(self._native)
        locked = "locked" if runtime.locked(state) else "unlocked"
        held = ""
        if self._reentrant:
            owner = 0 if state.holder is None else state.holder.index + 1
            held = f" owner={owner} count={state.count}"
        name = f"{native.__module__}.{native.__name__}"
        return f"<{locked} {name} object{held} at {id(self):#x}>"

    def _at_fork_reinit(self) -> None:
        runtime = current.active
        if runtime is not None:
            runtime.refuse("a lock is made as good as new, as after a fork")
        self._native._at_fork_reinit()


class Lock(_Lock):
    """A lock that its holder can't take again, and that any thread may release."""

    __slots__ = ()
    _reentrant = False
    _native: LockType

    def __init__(self) -> None:
        self._native = allocate_lock()
        super().__init__()

    def __init_subclass__(cls) -> None:
        raise TypeError("type 'threading.Lock' is not an acceptable base type")

    def locked(self) -> bool:
        runtime = current.active
        if runtime is None:
            return self._native.locked()
        return runtime.locked(self.state_in(runtime))


class RLock(_Lock):
    """A lock that its holder may take again, and that only its holder may release."""

    __slots__ = ()
    _reentrant = True

    def __init__(self, *ignored: Any, **refused: Any) -> None:  # as this interpreter does
        self._native = _real.RLock(*ignored, **refused)
        super().__init__()

    # What CPython's Condition asks of a lock that can be held several times.

    def _is_owned(self) -> bool:
        runtime = current.active
        if runtime is None:
            owned: bool = self._native._is_owned()
            return owned
        return runtime.owns(self.state_in(runtime))

    def _recursion_count(self) -> int:
        runtime = current.active
        if runtime is None:
            count: int = self._native._recursion_count()
            return count
        return self.state_in(runtime).count if self._is_owned() else 0

    def _release_save(self) -> Any:
        runtime = current.active
        if runtime is None:
            return self._native._release_save()
        if not self._is_owned():
            raise RuntimeError("cannot release un-acquired lock")
        count = self.state_in(runtime).count
        for _ in range(count):
            self.release()
        return count

    def _acquire_restore(self, saved: Any) -> None:
        if current.active is None:
            self._native._acquire_restore(saved)
        else:
            for _ in range(saved):
                self.acquire()
