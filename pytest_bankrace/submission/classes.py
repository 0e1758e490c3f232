"""What has to be done with a class as soon as it is made?"""

from __future__ import annotations

from typing import Any

from pytest_bankrace.runtime import current
from pytest_bankrace.submission.locations import forget


def number_instances(cls: type) -> None:
    """Give the instances of a class numbers to hash by, where they would hash by address.

    A set of accounts would have another order in every execution. A class made outside a run
    keeps its addresses: its instances may be in a set already.
    """
    if current.active is not None and getattr(cls, "__hash__", None) is object.__hash__:
        cls.__hash__ = _hash  # type: ignore[assignment]


def _hash(self: object) -> int:
    runtime = current.active
    return object.__hash__(self) if runtime is None else runtime.order(self)


def made(cls: Any) -> Any:
    """The outermost decorator of a decorated class."""
    if isinstance(cls, type):
        number_instances(cls)
    forget()
    return cls
