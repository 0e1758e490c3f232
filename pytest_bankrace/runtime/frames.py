"""Which lines of the student's, and of the test's, led here? Never one of ours."""

from __future__ import annotations

import linecache
import os
import sys
import sysconfig
from collections.abc import Iterator
from functools import lru_cache
from types import FrameType

from pytest_bankrace.verdict import Frame

KEPT_FRAMES = 12

OURS = os.path.dirname(os.path.dirname(os.path.abspath(__file__))) + os.sep
NOT_THEIRS = (OURS, sysconfig.get_paths()["stdlib"] + os.sep, "<frozen")


@lru_cache(maxsize=4096)
def frame_at(file: str, line: int, function: str) -> Frame:
    """A line of a student's or a test's file, with its text."""
    return Frame(file, line, function, linecache.getline(file, line).strip())


def frames(depth: int = 1, limit: int = KEPT_FRAMES) -> tuple[Frame, ...]:
    """The student's and the test's lines that led here, innermost first; never ours."""
    found: list[Frame] = []
    at = sys._getframe(depth)
    while at is not None and len(found) < limit:
        code = at.f_code
        if not code.co_filename.startswith(NOT_THEIRS):
            found.append(frame_at(code.co_filename, at.f_lineno or 0, code.co_qualname))
        at = at.f_back  # type: ignore[assignment]
    return tuple(found)


def their_frame(depth: int = 1) -> FrameType | None:
    """The innermost frame of the student's or the test's code, still running."""
    return their_frame_of(sys._getframe(depth))


def their_frame_of(frame: FrameType) -> FrameType | None:
    """The same, from a frame that may be anybody's."""
    at: FrameType | None = frame
    while at is not None and at.f_code.co_filename.startswith(NOT_THEIRS):
        at = at.f_back
    return at


def frames_of(error: BaseException) -> tuple[Frame, ...]:
    """The lines that an exception passed through, innermost first; never ours."""
    found: list[Frame] = []
    at = error.__traceback__
    while at is not None:
        code = at.tb_frame.f_code
        if not code.co_filename.startswith(NOT_THEIRS):
            found.append(frame_at(code.co_filename, at.tb_lineno or 0, code.co_qualname))
        at = at.tb_next
    return tuple(reversed(found[-KEPT_FRAMES:]))


def _library(depth: int) -> Iterator[FrameType]:
    """The frames that are ours or the library's, from the innermost to the student's."""
    at = sys._getframe(depth + 1)
    while at is not None and at.f_code.co_filename.startswith(NOT_THEIRS):
        yield at
        at = at.f_back  # type: ignore[assignment]


def library_call(depth: int = 1) -> str:
    """The library's function that the student's line called; empty where no such line did."""
    name, outermost = "", None
    for frame in _library(depth):
        outermost = frame
        if not frame.f_code.co_name.startswith("_"):
            name = frame.f_code.co_name
    return name if outermost is not None and their_frame_of(outermost) is not None else ""


def library_self(depth: int = 1) -> Iterator[object]:
    """What the library's methods are called on that led here, innermost first."""
    for frame in _library(depth):
        if "self" in frame.f_code.co_varnames[:1]:
            yield frame.f_locals.get("self")
