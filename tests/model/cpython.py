"""How do CPython's own test modules come to test our model?

They are read from where this interpreter has them, rewritten as a student's file is, and executed
with our `threading` and its like in place of the real ones. So are the helpers with threads that
they import from the package `test`; the rest of it is the real one.
"""

from __future__ import annotations

import importlib
import importlib.util
import logging
import math
import traceback
import unittest
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, nullcontext, suppress
from pathlib import Path
from types import FunctionType, ModuleType, SimpleNamespace
from typing import Any

from pytest_bankrace import Scenario
from pytest_bankrace.model import futures
from pytest_bankrace.model import time as virtual
from pytest_bankrace.model.copies import copied_function
from pytest_bankrace.model.locks import RLock
from pytest_bankrace.runtime import current
from pytest_bankrace.runtime.controlled import Controlled
from pytest_bankrace.runtime.execution import Ending, Execution, Failure
from pytest_bankrace.runtime.operation import Operation
from pytest_bankrace.runtime.session import Patience
from pytest_bankrace.runtime.waits import Lockable, Stock, Task, Waiter
from pytest_bankrace.runtime.workers import pool
from pytest_bankrace.strategy.walk import RandomWalk
from pytest_bankrace.submission.loader import BUILTINS, modelled
from pytest_bankrace.submission.rewriter import instrument
from pytest_bankrace.surroundings import silenced

SUPPORT = "test.support"

PATIENCE = Patience(steps=200_000)
LONG = 1e6
"""Seconds after which a test gives up waiting for its threads: none if it goes by our clock."""

_loaded: dict[str, ModuleType] = {}


class _Clock:
    """Our clock. When no test runs time is over: what a broken-off one has left waits no longer."""

    freely = False
    sleep = staticmethod(virtual.sleep)

    def monotonic(self) -> float:
        return virtual.monotonic() if self.freely or current.active is not None else math.inf


_clock = _Clock()


def load(name: str) -> Any:
    """A module of the package `test`, over our model."""
    module = _loaded.get(name)
    if module is None:
        module = _loaded[name] = ModuleType(name)
        if name == SUPPORT:
            _copy(module, importlib.import_module(name))
        elif name != "test":
            _execute(module)
    return module


def _copy(module: ModuleType, original: ModuleType) -> None:
    """The module is large; our clock is all of the model that its functions need."""
    namespace = vars(module)
    for key, value in vars(original).items():
        if isinstance(value, FunctionType) and value.__globals__ is vars(original):
            value = copied_function(value, namespace)
        if not (isinstance(value, ModuleType) and value.__name__.startswith(f"{SUPPORT}.")):
            namespace[key] = value
    helper = importlib.import_module(f"{SUPPORT}.import_helper")
    namespace["import_helper"] = SimpleNamespace(**{**vars(helper), "import_fresh_module": _fresh})
    namespace.update(time=_clock, SHORT_TIMEOUT=LONG, verbose=False)


def _execute(module: ModuleType) -> None:
    spec = importlib.util.find_spec(module.__name__)
    assert spec is not None
    assert spec.origin is not None
    namespace = vars(module)
    namespace.update(__file__=spec.origin, __package__=spec.parent)
    namespace["__builtins__"] = {**BUILTINS, "__import__": _import}
    exec(instrument(Path(spec.origin).read_bytes(), spec.origin).code, namespace)
    if "CRLockTests" in namespace:
        namespace["CRLockTests"].locktype = RLock


_INSIDE: dict[str, Callable[[], Any]] = {
    "concurrent.futures._base": lambda: futures._BASE,
    "concurrent.futures.thread": lambda: futures._THREAD,
    "concurrent.futures.process": lambda: importlib.import_module("concurrent.futures.process"),
}
"""What the tests look at inside of `concurrent.futures`."""


def _fresh(name: str, *args: Any, **kwargs: Any) -> Any:
    """For `import_fresh_module`: with the part in C, or without it, it is our one model."""
    return modelled(name, ())


def _is_ours(name: str) -> bool:
    if name.startswith(f"{SUPPORT}."):
        return name == f"{SUPPORT}.threading_helper"
    return name == "test" or name.startswith("test.")


def _import(
    name: str,
    globals: dict[str, Any] | None = None,
    locals: dict[str, Any] | None = None,
    fromlist: tuple[str, ...] | None = (),
    level: int = 0,
) -> Any:
    """`import` inside a test module."""
    if level:
        assert globals is not None
        name = importlib.util.resolve_name("." * level + name, globals["__package__"])
    elif name in _INSIDE and fromlist:
        return _INSIDE[name]()
    elif (found := modelled(name, fromlist)) is not None:
        return found
    if not _is_ours(name):
        return importlib.__import__(name, globals, locals, fromlist or (), 0)
    module = load(name)
    for part in fromlist or ():
        if not hasattr(module, part):
            whole = f"{name}.{part}"
            setattr(
                module, part, load(whole) if _is_ours(whole) else importlib.import_module(whole)
            )
    if not fromlist:
        for part in reversed(name.split(".")[1:]):
            name = name.rpartition(".")[0]
            setattr(load(name), part, module)
            module = load(name)
    return module


# -- Running what they hold

Case = type[unittest.TestCase]


def methods(case: Case) -> Sequence[str]:
    return unittest.defaultTestLoader.getTestCaseNames(case)


def freely(case: Case, method: str) -> str:
    """What went wrong outside a run; empty when nothing did."""
    result = unittest.TestResult()
    root = logging.getLogger()
    handlers, root.handlers = root.handlers, []  # pytest's keep messages from going to stderr
    _clock.freely = True
    case(method).run(result)
    _clock.freely = False
    root.handlers = handlers
    bad = [*result.failures, *result.errors]
    return bad[0][1] if bad else ""


class InTime(Controlled):
    """The runtime, with one clock for all: waits that begin together are over together."""

    def __init__(self, scenario: Scenario) -> None:
        super().__init__(scenario, PATIENCE)
        self._waits: dict[int, tuple[int, Callable[[], bool]]] = {}
        """Who waits for time to pass: until when, and whether it need not wait any longer."""

    def asleep(self, index: int) -> int:
        """The time until which a thread waits; 0 for one that can go on now."""
        until, over = self._waits.get(index, (0, bool))
        return 0 if until <= self.clock or over() else until

    @contextmanager
    def _until(self, seconds: float, over: Callable[[], bool]) -> Iterator[None]:
        me = self._current.index
        self._waits[me] = self.clock + round(seconds * 1e9), over
        try:
            yield
        finally:
            self._waits.pop(me, None)

    def _wait_out(self, task: Task, seconds: float) -> None:
        before = self.clock
        super()._wait_out(task, seconds)
        self.clock = max(before, self._waits.get(task.index, (0, bool))[0])

    def sleep(self, seconds: float) -> None:
        with self._until(seconds, bool):
            super().sleep(seconds)

    def acquire(self, lock: Lockable, blocking: bool, timeout: float) -> bool:
        with self._until(timeout, lambda: not lock.busy) if timeout > 0 else nullcontext():
            return super().acquire(lock, blocking, timeout)

    def take(self, stock: Stock, blocking: bool, timeout: float | None) -> bool:
        with self._until(timeout, lambda: not stock.busy) if timeout else nullcontext():
            return super().take(stock, blocking, timeout)

    def join(self, task: Task, timeout: float | None) -> None:
        with nullcontext() if timeout is None else self._until(timeout, lambda: not task.busy):
            super().join(task, timeout)

    def wake(self, waiter: Waiter, timeout: float | None) -> bool:
        with nullcontext() if timeout is None else self._until(timeout, lambda: waiter.notified):
            return super().wake(waiter, timeout)


class Promptly(RandomWalk):
    """A random walk over those who need not wait: time passes when nobody can go on."""

    name = "prompt random walk"

    def __init__(self, runtime: InTime) -> None:
        super().__init__(0)
        self._asleep = runtime.asleep

    def next_thread(
        self, runnable: Sequence[int], current: int, pending: Sequence[Operation | None]
    ) -> int:
        until = {index: self._asleep(index) for index in runnable}
        first = min(until.values())
        soonest = [index for index in runnable if until[index] == first]
        return super().next_thread(soonest, current, pending)


def under_control(
    case: Case, method: str, schedules: int, *, in_time: bool, ending: Ending | None = None
) -> str:
    """What went wrong in one of that many schedules; empty when nothing did.

    With `in_time` no timeout is over before all has been done that can be done without it;
    otherwise each may be over at any time. With `ending`, one of them is to end so.
    """
    ended = 0

    def main() -> None:
        nonlocal ended
        with suppress(unittest.SkipTest):
            case(method).debug()  # `run` would keep to itself that an execution is to end
        ended += 1

    scenario = Scenario(main)
    runtime = InTime(scenario) if in_time else Controlled(scenario, PATIENCE)
    strategy = Promptly(runtime) if isinstance(runtime, InTime) else RandomWalk(0)
    executions: list[Execution] = []

    def go_on(execution: Execution) -> bool:
        executions.append(execution)
        return ended == len(executions) < schedules and execution.failure is None

    with pool.pinned(), silenced():
        runtime.explore(strategy, go_on)
    failure = executions[-1].failure
    if failure is None and ended < len(executions):
        wrong = f"main did not come to its end: {executions[-1].cut}"
    elif (failure and failure.ending) is ending:
        return ""
    else:
        wrong = f"{ending} was to be found" if failure is None else told(failure)
    return f"schedule {len(executions)}: {wrong}"


def told(failure: Failure) -> str:
    """How an execution failed."""
    text = f"{failure.ending.value} {failure.message}"
    if failure.error is not None:
        text += "\n" + "".join(traceback.format_exception(failure.error))
    return text
