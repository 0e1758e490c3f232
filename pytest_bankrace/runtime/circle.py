"""Does a thread go round in a circle?

A `while` loop that comes to the same place with the very same local values, while nothing shared
has changed and nothing was asked whose answer depends on the others, on time or on chance, comes
there again for ever. A loop that counts, or that moves on in a list, never looks like that.
"""

from __future__ import annotations

from types import FrameType
from typing import Any

CIRCLES = 1_000
"""Turns in a row that are all the same: then it is a circle."""
UNSUSPICIOUS = 500
"""Operations and turns without a change, below which nobody looks."""


class Circle:
    """The turns of one thread's loops."""

    __slots__ = ("_count", "_frame", "_place", "_progress", "_values")

    def __init__(self) -> None:
        self._frame: FrameType | None = None
        self._place = self._progress = -1
        self._count = 0
        self._values: tuple[Any, ...] = ()

    def turn(self, frame: FrameType, progress: int, kept: tuple[int, ...] = ()) -> int:
        """Note one more turn. The number of turns in a row that were the same as this one.

        `kept` is what changes back and forth, and counts as no change when it is as it was.
        """
        local = frame.f_locals.values() if frame.f_code.co_name != "<module>" else ()
        values = (*kept, *local)
        same = (
            frame is self._frame
            and frame.f_lasti == self._place
            and progress == self._progress
            and len(values) == len(self._values)
            and all(one is other for one, other in zip(values, self._values, strict=True))
        )
        self._frame, self._place, self._progress = frame, frame.f_lasti, progress
        self._values = values  # kept, so that no address is used again
        self._count = self._count + 1 if same else 0
        return self._count

    def since(self, progress: int) -> int:
        """The turns that were the same, if nothing has changed since."""
        return self._count if progress == self._progress else 0
