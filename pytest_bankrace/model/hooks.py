"""Which hooks does a program set for its threads?

`threading.excepthook` and its like, which the real module keeps for the whole process. What is set
in a run counts in that one execution only, so that no program hides another one's exceptions.
"""

from __future__ import annotations

import threading as _real
from types import ModuleType
from typing import Any

from pytest_bankrace.runtime import current
from pytest_bankrace.runtime.current import Runtime

_epoch: object = None
_set: dict[str, Any] = {}


def _hooks(runtime: Runtime) -> dict[str, Any]:
    """What the current execution has set, by name."""
    global _epoch
    if _epoch is not runtime.epoch:
        _epoch = runtime.epoch
        _set.clear()
    return _set


def excepthook_of(runtime: Runtime) -> Any:
    """The program's own `threading.excepthook`; None where it has set none."""
    hook = _hooks(runtime).get("excepthook")
    return None if hook is _real.__excepthook__ else hook


class HookedModule(ModuleType):
    """`threading`, of which one name is a variable that a program sets for its threads."""

    @property
    def excepthook(self) -> Any:
        runtime = current.active
        if runtime is None:
            return _real.excepthook
        return _hooks(runtime).get("excepthook", _real.__excepthook__)

    @excepthook.setter
    def excepthook(self, hook: Any) -> None:
        runtime = current.active
        if runtime is None:
            _real.excepthook = hook
        else:
            _hooks(runtime)["excepthook"] = hook


def _set_hook(name: str, function: Any) -> None:
    runtime = current.active
    if runtime is None:
        getattr(_real, f"set{name}")(function)
    else:
        runtime.doubt(f"the function that threading.set{name} was given is not called")
        _hooks(runtime)[name] = function


def _get_hook(name: str) -> Any:
    runtime = current.active
    real = getattr(_real, f"get{name}")()
    return real if runtime is None else _hooks(runtime).get(name, real)


def settrace(func: Any) -> None:
    """As `threading.settrace`; while exploring, the function is kept and not called."""
    _set_hook("trace", func)


def setprofile(func: Any) -> None:
    """As `threading.setprofile`; while exploring, the function is kept and not called."""
    _set_hook("profile", func)


def gettrace() -> Any:
    """The function that `settrace` was given."""
    return _get_hook("trace")


def getprofile() -> Any:
    """The function that `setprofile` was given."""
    return _get_hook("profile")


if hasattr(_real, "settrace_all_threads"):  # since 3.12

    def settrace_all_threads(func: Any) -> None:
        """As `settrace`, for the threads that run already as well."""
        if current.active is None:
            _real.settrace_all_threads(func)  # type: ignore[attr-defined,unused-ignore]
        else:
            settrace(func)

    def setprofile_all_threads(func: Any) -> None:
        """As `setprofile`, for the threads that run already as well."""
        if current.active is None:
            _real.setprofile_all_threads(func)  # type: ignore[attr-defined,unused-ignore]
        else:
            setprofile(func)


def stack_size(size: int = 0, /) -> int:
    """As `threading.stack_size`; the threads of a run have the stack that they have."""
    before = _real.stack_size(size)
    runtime = current.active
    if runtime is None:
        return before
    _real.stack_size(before)
    hooks = _hooks(runtime)
    before = int(hooks.get("stack", before))
    hooks["stack"] = size
    return before
