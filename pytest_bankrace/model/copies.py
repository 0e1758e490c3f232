"""How does a class of the standard library become one over our own `threading`?

By a private copy: the same code, as this interpreter has it, with other globals.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from types import CellType, FunctionType, ModuleType
from typing import Any

_MADE_ANEW = ("__dict__", "__weakref__", "__qualname__")


def copied(original: type, module: str, namespace: dict[str, Any], *bases: type) -> Any:
    """A copy of a class whose methods find their global names in `namespace`.

    `bases` replace the original's; without any it has none but `object`.
    """
    cell = CellType()  # for `super()`
    members: dict[str, Any] = {
        name: _rebound(value, namespace, cell)
        for name, value in vars(original).items()
        if name not in _MADE_ANEW
    }
    members["__module__"] = module
    if "__repr__" in members:
        members["__repr__"] = _called_as(original, members["__repr__"], module)
    cell.cell_contents = made = type(original)(original.__name__, bases, members)
    return made


def copied_function(function: FunctionType, namespace: dict[str, Any]) -> Any:
    """A copy of a function that finds its global names in `namespace`."""
    return _rebound(function, namespace, CellType())


def _called_as(original: type, represent: Callable[[Any], str], module: str) -> Any:
    """`__repr__`, by which a copy in our module is as much in the library's as the original."""

    @wraps(represent)
    def __repr__(self: Any) -> str:  # noqa: N807
        return represent(self).replace(f"<{module}.", f"<{original.__module__}.", 1)

    return __repr__


def _rebound(value: Any, namespace: dict[str, Any], cell: CellType) -> Any:
    if isinstance(value, FunctionType):
        closure = tuple(
            cell if name == "__class__" else there
            for name, there in zip(value.__code__.co_freevars, value.__closure__ or (), strict=True)
        )
        made = FunctionType(value.__code__, namespace, value.__name__, value.__defaults__, closure)
        made.__kwdefaults__ = value.__kwdefaults__
        made.__doc__ = value.__doc__
        made.__qualname__ = value.__qualname__
        return made
    if isinstance(value, classmethod | staticmethod):
        return type(value)(_rebound(value.__func__, namespace, cell))
    if isinstance(value, property):
        get, put, drop = (
            _rebound(part, namespace, cell) for part in (value.fget, value.fset, value.fdel)
        )
        return property(get, put, drop, value.__doc__)
    return value


def copied_module(real: ModuleType, module: str, replaced: dict[str, Any]) -> Any:
    """The names of a module, with copies of its own functions and classes.

    They find each other and what is `replaced` by their global names. Exceptions stay the real
    ones: a program may catch them by either name. The result can be asked for attributes as well,
    as the module itself can.
    """
    space = _Space(vars(real))
    for name, value in vars(real).items():
        if getattr(value, "__module__", None) != real.__name__:
            continue
        if isinstance(value, FunctionType):
            space[name] = copied_function(value, space)
        elif isinstance(value, type) and not issubclass(value, BaseException | tuple):
            bases = (space.get(base.__name__, base) for base in value.__bases__)
            space[name] = copied(value, module, space, *bases)
    space.update(replaced)
    return space


class _Space(dict[str, Any]):
    """Global names that can be asked for as attributes."""

    def __getattr__(self, name: str) -> Any:
        try:
            return self[name]
        except KeyError:
            raise AttributeError(name) from None
