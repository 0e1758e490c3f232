"""How do the accesses to a shared name announce themselves?

A global's owner is its module's dict. A variable's is its cell, which the caller hands over inside
a function that uses the variable.
"""

from __future__ import annotations

import contextlib
import functools
from collections.abc import Callable
from types import FunctionType
from typing import Any

from pytest_bankrace.runtime import current
from pytest_bankrace.submission.locations import MISSING


def read_global(namespace: dict[str, Any], name: str) -> None:
    """Before a load of a shared global; returns something false."""
    rt = current.active
    if rt is not None:
        rt.read(namespace, name)
        if rt.recording and name in namespace:
            rt.saw(namespace[name])


def write_global(namespace: dict[str, Any], name: str, value: Any) -> Any:
    """Before a store of a shared global; returns the value."""
    rt = current.active
    if rt is not None:
        rt.write(namespace, name)
        if rt.recording and value is not MISSING:
            rt.saw(value)
    return value


def delete_global(namespace: dict[str, Any], name: str) -> None:
    """Before `del` of a shared global."""
    write_global(namespace, name, MISSING)


def read_cell(user: FunctionType, name: str) -> None:
    """Before a load of a shared variable; returns something false."""
    rt = current.active
    if rt is not None:
        cell = user.__closure__[0]  # type: ignore[index]
        rt.read(cell, name)
        if rt.recording:
            with contextlib.suppress(ValueError):  # it may be unbound
                rt.saw(cell.cell_contents)


def write_cell(user: FunctionType, name: str, value: Any) -> Any:
    """Before a store of a shared variable; returns the value."""
    rt = current.active
    if rt is not None:
        rt.write(user.__closure__[0], name)  # type: ignore[index]
        if rt.recording and value is not MISSING:
            rt.saw(value)
    return value


def delete_cell(user: FunctionType, name: str) -> None:
    """Before `del` of a shared variable."""
    write_cell(user, name, MISSING)


def bind_global(namespace: dict[str, Any], name: str) -> Callable[[Any], Any]:
    """The outermost decorator of a function or class whose name is a shared global."""
    return functools.partial(write_global, namespace, name)


def bind_cell(user: FunctionType, name: str) -> Callable[[Any], Any]:
    """The outermost decorator of a function or class whose name is a shared variable."""
    return functools.partial(write_cell, user, name)
