"""What is `random` inside a submission? A seeded stream for each thread under a runtime.

The same schedule must meet the same numbers, or it could not be run again. A stream for each
thread, rather than one for all, because a shared one would make each draw depend on the order
of the others.
"""

from __future__ import annotations

import random as _real
from collections.abc import Callable
from typing import Any

from pytest_bankrace.runtime import current
from pytest_bankrace.runtime.operation import STRUCTURE


def _from_stream(name: str, real: Callable[..., Any]) -> Callable[..., Any]:
    def draw(*args: Any, **kwargs: Any) -> Any:
        runtime = current.active
        if runtime is None:
            return real(*args, **kwargs)
        return getattr(runtime.random(), name)(*args, **kwargs)

    draw.__name__ = draw.__qualname__ = name
    draw.__doc__ = real.__doc__
    return draw


class Random(_real.Random):
    """As `random.Random`; without a seed, seeded from the calling thread's stream."""

    def __init__(self, x: Any = None) -> None:
        runtime = current.active
        if x is None and runtime is not None:
            x = runtime.random().random()
        super().__init__(x)

    # Each draw changes the state, which threads may share. What else a Random can do draws by
    # these, one number or several.

    def random(self) -> float:
        self._changes()
        return super().random()

    def getrandbits(self, k: int, /) -> int:
        self._changes()
        return super().getrandbits(k)

    def seed(self, *args: Any, **kwargs: Any) -> None:
        self._changes()
        super().seed(*args, **kwargs)

    def setstate(self, state: tuple[Any, ...]) -> None:
        self._changes()
        super().setstate(state)

    def getstate(self) -> tuple[Any, ...]:
        self._changes()
        return super().getstate()

    def _changes(self) -> None:
        runtime = current.active
        if runtime is not None:
            runtime.write(self, STRUCTURE)


class SystemRandom(Random):
    """As `random.SystemRandom`, but repeatable while a runtime is in charge."""

    def __new__(cls, *args: Any, **kwargs: Any) -> Any:
        if current.active is None:
            return _real.SystemRandom(*args, **kwargs)
        return super().__new__(cls)


def __getattr__(name: str) -> Any:
    value = getattr(_real, name)
    if isinstance(getattr(value, "__self__", None), _real.Random):
        value = globals()[name] = _from_stream(name, value)
    return value
