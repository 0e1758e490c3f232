"""What is `queue` inside a submission?

The standard library's own code, as this interpreter has it, over our locks and conditions.
"""

from __future__ import annotations

import queue as _real
import sys
from collections import deque
from types import GenericAlias
from typing import Any

from pytest_bankrace.model.conditions import Condition, waited
from pytest_bankrace.model.copies import copied_module
from pytest_bankrace.model.locks import Lock
from pytest_bankrace.runtime import current
from pytest_bankrace.runtime.waits import Stock

__all__ = _real.__all__

_LIBRARY = _real.Queue.put.__code__.co_filename


class _Threading:
    """What the library's code asks `threading` for."""

    Lock, Condition = Lock, Condition


class _OnlyWithin:
    """An attribute that the library's code uses under its lock; others may not."""

    def __set_name__(self, owner: type, name: str) -> None:
        self._name = name

    def __get__(self, instance: Any, owner: type | None = None) -> Any:
        if instance is None:
            return self
        runtime = current.active
        if runtime is not None:
            code = sys._getframe(1).f_code
            if code.co_filename != _LIBRARY:
                runtime.doubt(f"the program looks at `{self._name}` inside a queue")
            if code.co_name in ("_put", "_get"):
                runtime.progressed()
        return vars(instance)[self._name]

    def __set__(self, instance: Any, value: Any) -> None:
        if (runtime := current.active) is not None:
            runtime.progressed()
        vars(instance)[self._name] = value


_SPACE: Any = copied_module(_real, __name__, {"threading": _Threading, "time": waited})


class Queue(_SPACE.Queue):  # type: ignore[misc]
    """As `queue.Queue`."""

    queue = _OnlyWithin()
    unfinished_tasks = _OnlyWithin()


class PriorityQueue(_SPACE.PriorityQueue, Queue):  # type: ignore[misc]
    """As `queue.PriorityQueue`."""


class LifoQueue(_SPACE.LifoQueue, Queue):  # type: ignore[misc]
    """As `queue.LifoQueue`."""


class SimpleQueue:
    """As `queue.SimpleQueue`, which is written in C: each of its methods is one step."""

    def __init__(self) -> None:
        self._items: deque[Any] = deque()
        self._real = _real.SimpleQueue[Any]()
        self.state: Stock | None = None
        runtime = current.active
        if runtime is not None:
            runtime.born(self)

    def state_in(self, runtime: current.Runtime) -> Stock:
        """Its state in the current execution; what was put in before, outside a run, is gone."""
        state = self.state
        if state is None or state.run is not runtime.epoch:
            state = runtime.adopt_stock(self, 0, None)
            self._items.clear()
        return state

    def put(self, item: Any, block: bool = True, timeout: float | None = None) -> None:
        """Add an item; there is always room."""
        runtime = current.active
        if runtime is None:
            self._real.put(item)
        else:
            runtime.give(self.state_in(runtime), 1)
            runtime.progressed()
            self._items.append(item)

    def put_nowait(self, item: Any) -> None:
        """As `put`."""
        self.put(item)

    def get(self, block: bool = True, timeout: float | None = None) -> Any:
        """Take the oldest item. Raises Empty where there is none in time."""
        runtime = current.active
        if runtime is None:
            return self._real.get(block, timeout)
        if block and timeout is not None and timeout < 0:
            raise ValueError("'timeout' must be a non-negative number")
        if not runtime.take(self.state_in(runtime), block, timeout if block else None):
            raise _real.Empty
        return self._items.popleft()

    def get_nowait(self) -> Any:
        """Take the oldest item. Raises Empty where there is none."""
        return self.get(block=False)

    def empty(self) -> bool:
        """Whether there is no item."""
        return self.qsize() == 0

    def qsize(self) -> int:
        """How many items there are."""
        runtime = current.active
        return self._real.qsize() if runtime is None else runtime.left(self.state_in(runtime))

    __class_getitem__: Any = classmethod(GenericAlias)


def __getattr__(name: str) -> Any:
    return getattr(_real, name)
