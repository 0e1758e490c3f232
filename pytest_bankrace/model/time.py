"""What is `time` inside a submission? A virtual clock while a runtime is in charge.

Sleeping costs no real time: it is a step at which other threads may run, and afterwards the
clock has moved on. Everything else is the real module's.
"""

from __future__ import annotations

import time as _real
from typing import Any

from pytest_bankrace.runtime import current


def __getattr__(name: str) -> Any:
    return getattr(_real, name)


def sleep(seconds: float, /) -> None:
    """As `time.sleep`, errors included."""
    runtime = current.active
    if runtime is None:
        _real.sleep(seconds)
        return
    if not isinstance(seconds, int | float):
        _real.sleep(seconds)  # raises what CPython raises
    if seconds < 0:
        raise ValueError("sleep length must be non-negative")
    runtime.sleep(seconds)


def time() -> float:
    """Seconds since the epoch; an execution under control begins at a fixed date."""
    runtime = current.active
    return _real.time() if runtime is None else runtime.epoch_time + runtime.now()


def monotonic() -> float:
    """Seconds that never go back."""
    runtime = current.active
    return _real.monotonic() if runtime is None else runtime.now()


def perf_counter() -> float:
    """Seconds to measure a stretch of time by."""
    runtime = current.active
    return _real.perf_counter() if runtime is None else runtime.now()


def time_ns() -> int:
    """`time` in nanoseconds."""
    return _real.time_ns() if current.active is None else int(time() * 1e9)


def monotonic_ns() -> int:
    """`monotonic` in nanoseconds."""
    return _real.monotonic_ns() if current.active is None else int(monotonic() * 1e9)


def perf_counter_ns() -> int:
    """`perf_counter` in nanoseconds."""
    return _real.perf_counter_ns() if current.active is None else int(perf_counter() * 1e9)
