"""What is `concurrent.futures` inside a submission?

The standard library's own code, as this interpreter has it, over our threads, locks and queues.
Where it depends on what no program can rely on, it is made the same in every execution: the order
of sets, the number of processors, the moment at which a pool that nobody holds is collected.
"""

from __future__ import annotations

import concurrent.futures as _real
import concurrent.futures.thread as _real_thread
import itertools
import os
import re
import sys
import weakref
from collections.abc import Iterator
from concurrent.futures import _base as _real_base
from contextlib import nullcontext
from types import ModuleType
from typing import Any

from pytest_bankrace.model import queue, threading
from pytest_bankrace.model.conditions import waited
from pytest_bankrace.model.copies import copied_module
from pytest_bankrace.model.later import guarded
from pytest_bankrace.runtime import current

__all__ = _real.__all__

PROCESSORS = 1
"""Of the machine that a pool's default size is for, in a run."""


def _number(thing: object) -> int:
    runtime = current.active
    return id(thing) if runtime is None else runtime.number(thing)


class _InOrder(list[Any]):
    """A set as far as a pool needs one, in the order in which it was filled."""

    add = list.append


class _Unordered(set[Any]):
    """A set whose order is told to be nobody's, when somebody looks."""

    def __iter__(self) -> Iterator[Any]:
        runtime = current.active
        if runtime is not None and len(self) > 1:
            runtime.doubt("the program goes through a set of futures: one order was tried")
        return super().__iter__()


class _Time:
    monotonic = staticmethod(waited)


class _Silent:
    """No message for each of ten thousand executions."""

    def critical(self, *args: Any, **kwargs: Any) -> None:
        if current.active is None:
            _real_base.LOGGER.critical(*args, **kwargs)

    def exception(self, *args: Any, **kwargs: Any) -> None:
        if current.active is None:
            _real_base.LOGGER.exception(*args, **kwargs)


_BASE: Any = copied_module(
    _real_base,
    __name__,
    {"threading": threading, "time": _Time, "id": _number, "LOGGER": _Silent()},
)


_DONE = (
    _real_base.CANCELLED,
    _real_base.CANCELLED_AND_NOTIFIED,
    _real_base.FINISHED,
)


class Future(_BASE.Future):  # type: ignore[misc]
    """As `concurrent.futures.Future`."""

    def __init__(self) -> None:
        super().__init__()
        runtime = current.active
        self.number = None if runtime is None else runtime.number(self)

    def __hash__(self) -> int:
        return object.__hash__(self) if self.number is None else self.number

    def set_exception(self, exception: BaseException | None) -> None:
        runtime = current.active
        if runtime is None or exception is None or self._state in _DONE:
            super().set_exception(exception)
            return
        # Before it is set: other threads, and its own callbacks, may ask at once.
        runtime.unasked[self] = exception, runtime.current_task()
        super().set_exception(exception)

    def result(self, timeout: float | None = None) -> Any:
        try:
            return super().result(timeout)
        finally:
            self._was_asked()

    def exception(self, timeout: float | None = None) -> BaseException | None:
        try:
            found: BaseException | None = super().exception(timeout)
            return found
        finally:
            self._was_asked()

    def _was_asked(self) -> None:
        runtime = current.active
        if runtime is not None and self._state in _DONE:
            runtime.unasked.pop(self, None)


_BASE["Future"] = Future
_finished_futures = _BASE["_yield_finished_futures"]


def _yield_finished_futures(fs: Any, waiter: Any, ref_collect: Any) -> Iterator[Any]:
    runtime = current.active
    if runtime is not None and len(ref_collect) == 1 and len(fs) > 1:
        runtime.doubt("as_completed gives futures that are done in any order: one was tried")
    return _finished_futures(fs, waiter, ref_collect)  # type: ignore[no-any-return]


_BASE["_yield_finished_futures"] = _yield_finished_futures


def wait(fs: Any, timeout: float | None = None, return_when: str = _real.ALL_COMPLETED) -> Any:
    """As `concurrent.futures.wait`."""
    done, not_done = _BASE["wait"](fs, timeout, return_when)
    return _BASE["DoneAndNotDoneFutures"](_Unordered(done), _Unordered(not_done))


as_completed = _BASE["as_completed"]
Executor = _BASE["Executor"]


# -- Pools


class _PoolThread(threading.Thread):
    """A pool's thread: when the program's own have ended, the interpreter ends it as well."""

    of_pool = True

    @property
    def told(self) -> str:
        numbers = re.fullmatch(r"ThreadPoolExecutor-(\d+)_(\d+)", self.name)
        if numbers is None:
            return self.name
        pool, worker = (int(number) + 1 for number in numbers.groups())
        return f"worker {worker}" if pool == 1 else f"worker {worker} of pool {pool}"


class _Threading:
    Lock, Semaphore, Thread = threading.Lock, threading.Semaphore, _PoolThread


class _Os:
    @staticmethod
    def cpu_count() -> int | None:
        return os.cpu_count() if current.active is None else PROCESSORS

    @staticmethod
    def process_cpu_count() -> int | None:  # since 3.13
        return (
            getattr(os, "process_cpu_count", os.cpu_count)()
            if current.active is None
            else PROCESSORS
        )


class _Weak:
    @staticmethod
    def ref(thing: Any, callback: Any = None) -> Any:
        """In a run, without the callback: its moment is the collector's own."""
        return weakref.ref(thing) if current.active is not None else weakref.ref(thing, callback)


_real_queues: Any = _real_thread._threads_queues


class _Exit:
    """What the interpreter does for pools at its end; true once it does so."""

    def __init__(self) -> None:
        self._over = False
        self._epoch: object = None
        self._queues: list[tuple[Any, Any]] = []
        self.count: Iterator[int] = iter(())

    def begin(self, runtime: current.Runtime) -> None:
        """A pool is made."""
        if self._epoch is not runtime.epoch:
            self._epoch, self._queues = runtime.epoch, []
            self.count = itertools.count()
            self._over = False
            runtime.at_exit(self._end)

    def __bool__(self) -> bool:
        over: bool = self._over if current.active is not None else _real_thread._shutdown
        return over

    def __setitem__(self, thread: Any, work: Any) -> None:
        if current.active is None:
            _real_queues[thread] = work
        else:
            self._queues.append((thread, work))

    def _end(self) -> None:
        self._over = True
        living = [item for item in self._queues if item[0]._bankrace_task.busy]
        for _, work in living:
            work.put(None)
        for thread, _ in living:
            thread.join()


_EXIT = _Exit()
_THREAD: Any = copied_module(
    _real_thread,
    __name__,
    {
        "threading": _Threading,
        "queue": queue,
        "os": _Os,
        "weakref": _Weak,
        "set": _InOrder,
        "_threads_queues": _EXIT,
        "_global_shutdown_lock": nullcontext(),  # held by nobody but the interpreter at its end
        "_shutdown": _EXIT,
        "_base": _BASE,
    },
)
BrokenThreadPool = _real_thread.BrokenThreadPool


class ThreadPoolExecutor(_THREAD.ThreadPoolExecutor):  # type: ignore[misc]
    """As `concurrent.futures.ThreadPoolExecutor`."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        runtime = current.active
        if runtime is not None:
            _EXIT.begin(runtime)
        super().__init__(*args, **kwargs)

    def _counter(self) -> int:
        number: int
        if current.active is None:
            number = _real_thread.ThreadPoolExecutor._counter()  # type: ignore[attr-defined]
        else:
            number = next(_EXIT.count)
        return number


def __getattr__(name: str) -> Any:
    value = globals()[name] = guarded("concurrent.futures", name, getattr(_real, name))
    return value


package = ModuleType("concurrent")
"""What `import concurrent.futures` binds."""
package.futures = sys.modules[__name__]  # type: ignore[attr-defined]
