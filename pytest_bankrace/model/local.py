"""What is `threading.local` inside a submission?

The standard library's own, as it stands there in Python, in a private copy: the one in C goes by
the operating system's threads, and in a run one of these carries several threads in turn.
"""

from __future__ import annotations

import importlib.util
from _thread import RLock
from types import ModuleType
from typing import TYPE_CHECKING, Any

from pytest_bankrace.model.threads import current_thread
from pytest_bankrace.runtime import current


class _Guard:
    """The lock that a `local` holds while it looks up an attribute, which may run a property.

    Where one thread runs at a time there is nothing to guard, and to wait would be to hang.
    """

    def __init__(self) -> None:
        self._lock = RLock()

    def __enter__(self) -> None:
        if current.active is None or current.active.own_workers:
            self._lock.acquire()

    def __exit__(self, *raised: object) -> None:
        if current.active is None or current.active.own_workers:
            self._lock.release()


def _copy() -> ModuleType:
    spec = importlib.util.find_spec("_threading_local")
    assert spec is not None
    assert spec.loader is not None
    copy: Any = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(copy)
    copy.current_thread, copy.RLock = current_thread, _Guard
    copy.local.__module__ = __name__
    found: ModuleType = copy
    return found


if TYPE_CHECKING:
    from threading import local as local
else:
    local = _copy().local
