"""What happens when a submission uses what is not modelled yet?

Outside a run it gets the real thing. In a run the execution ends with a sentence that says what
was used, because a result with unscheduled blocking in it would be silently wrong.
"""

from __future__ import annotations

import importlib
from functools import wraps
from types import ModuleType
from typing import Any

from pytest_bankrace.runtime import current


def _refuse(module: str, name: str) -> None:
    runtime = current.active
    if runtime is not None:
        runtime.refuse(
            f"{module}.{name} was used, which can't be scheduled: a race is between the threads of"
            " one process, by threading, queue or concurrent.futures"
        )


def guarded(module: str, name: str, real: Any) -> Any:
    """A class or function of the standard library that is refused while a runtime is in charge."""
    if isinstance(real, type):
        if issubclass(real, BaseException):
            return real

        def __init__(self: Any, *args: Any, **kwargs: Any) -> None:  # noqa: N807
            _refuse(module, name)
            real.__init__(self, *args, **kwargs)

        try:
            return type(name, (real,), {"__init__": __init__, "__module__": module})
        except TypeError:  # a class that can't be subclassed
            pass
    if not callable(real):
        return real

    @wraps(real)
    def call(*args: Any, **kwargs: Any) -> Any:
        _refuse(module, name)
        return real(*args, **kwargs)

    return call


class GuardedModule(ModuleType):
    """A module whose classes and functions are refused while a runtime is in charge."""

    def __getattr__(self, name: str) -> Any:
        value = getattr(importlib.import_module(self.__name__), name)
        if isinstance(value, ModuleType):
            return GuardedModule(value.__name__)
        if not name.startswith("__"):
            value = guarded(self.__name__, name, value)
        setattr(self, name, value)
        return value
