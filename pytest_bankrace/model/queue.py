"""What is `queue` inside a submission?

The standard library's own code, as this interpreter has it, over our locks and conditions.
"""

from __future__ import annotations

import queue as _real
import sys
from collections import deque
from typing import Any

from pytest_bankrace.model.conditions import Condition, waited
from pytest_bankrace.model.copies import copied_module
from pytest_bankrace.model.locks import Lock
from pytest_bankrace.runtime import current

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
        if runtime is not None and sys._getframe(1).f_code.co_filename != _LIBRARY:
            runtime.doubt(f"the program looks at `{self._name}` inside a queue")
        return vars(instance)[self._name]

    def __set__(self, instance: Any, value: Any) -> None:
        vars(instance)[self._name] = value


_SPACE = copied_module(_real, __name__, {"threading": _Threading, "time": waited})


class Queue(_SPACE["Queue"]):  # type: ignore[misc]
    """As `queue.Queue`."""

    queue = _OnlyWithin()
    unfinished_tasks = _OnlyWithin()


class PriorityQueue(_SPACE["PriorityQueue"], Queue):  # type: ignore[misc]
    """As `queue.PriorityQueue`."""


class LifoQueue(_SPACE["LifoQueue"], Queue):  # type: ignore[misc]
    """As `queue.LifoQueue`."""


class SimpleQueue:
    """As `queue.SimpleQueue`, which is written in C: each of its methods is one step."""

    def __init__(self) -> None:
        self._items: deque[Any] = deque()
        self._cond = Condition(Lock())

    def put(self, item: Any, block: bool = True, timeout: float | None = None) -> None:
        """Add an item; there is always room."""
        with self._cond:
            self._items.append(item)
            self._cond.notify()

    def put_nowait(self, item: Any) -> None:
        """As `put`."""
        self.put(item)

    def get(self, block: bool = True, timeout: float | None = None) -> Any:
        """Take the oldest item. Raises Empty where there is none in time."""
        if block and timeout is not None and timeout < 0:
            raise ValueError("'timeout' must be a non-negative number")
        with self._cond:
            if not block or timeout == 0:
                there = bool(self._items)
            else:
                there = self._cond.wait_for(lambda: bool(self._items), timeout)
            if not there:
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
        with self._cond:
            return len(self._items)

    __class_getitem__ = classmethod(_real.types.GenericAlias)  # type: ignore[attr-defined]


def __getattr__(name: str) -> Any:
    return getattr(_real, name)
