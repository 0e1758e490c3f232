"""What is `_thread` inside a submission?

What is the same thing as in `threading` is the model's; the rest is refused in a run.
"""

from __future__ import annotations

import _thread as _real
from collections.abc import Callable, Mapping
from typing import Any

from pytest_bankrace.model.hooks import stack_size as stack_size
from pytest_bankrace.model.later import guarded
from pytest_bankrace.model.local import local
from pytest_bankrace.model.locks import Lock
from pytest_bankrace.model.locks import RLock as RLock
from pytest_bankrace.model.threading import TIMEOUT_MAX as TIMEOUT_MAX
from pytest_bankrace.model.threads import Thread, active_count
from pytest_bankrace.model.threads import get_ident as get_ident
from pytest_bankrace.model.threads import get_native_id as get_native_id
from pytest_bankrace.runtime import current

error = _real.error
_local = local
LockType = allocate_lock = allocate = Lock
__all__ = [name for name in dir(_real) if not name.startswith("_")]


def __getattr__(name: str) -> Any:
    value = globals()[name] = guarded("_thread", name, getattr(_real, name))
    return value


def start_new_thread(
    function: Callable[..., object],
    args: tuple[Any, ...],
    kwargs: Mapping[str, Any] | None = None,
    /,
) -> int:
    """Start a thread that nobody waits for when the program ends."""
    if current.active is None or not (callable(function) and type(args) is tuple):
        return _real.start_new_thread(function, args, dict(kwargs or {}))  # with its own errors
    thread = Thread(target=function, args=args, kwargs=kwargs, daemon=True)
    thread.start()
    return thread.ident or 0


start_new = start_new_thread


def exit() -> None:
    """End the calling thread."""
    raise SystemExit


exit_thread = exit


def _count() -> int:
    """How many threads there are beside the main one."""
    return _real._count() if current.active is None else active_count() - 1
