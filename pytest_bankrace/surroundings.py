"""What stands still around a race while it runs? Other races, and what a student prints."""

from __future__ import annotations

import io
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from pytest_bankrace.errors import UsageError

_running = threading.Lock()


@contextmanager
def one_at_a_time() -> Iterator[None]:
    """Refuse a race within another one, or beside it in another thread."""
    if not _running.acquire(blocking=False):
        raise UsageError(
            "a race is run inside another one, or beside it: call `race` from the test itself."
        )
    try:
        yield
    finally:
        _running.release()


@contextmanager
def silenced() -> Iterator[None]:
    """Keep what a student prints out of the output: ten thousand schedules say it as often.

    The one schedule that is recorded for a report prints as usual.
    """
    out, err = sys.stdout, sys.stderr
    sys.stdout = sys.stderr = _Nowhere()
    try:
        yield
    finally:
        sys.stdout, sys.stderr = out, err


class _Nowhere(io.TextIOBase):
    def write(self, text: str) -> int:
        return len(text)

    def writable(self) -> bool:
        return True
