"""Did code run in a scenario's thread whose accesses no probe sees?

A proof covers only what was instrumented. During one execution every Python function that is
called in a thread is looked at: the student's and the test's modules are instrumented, the
standard library and installed packages are taken to be as thread-safe as their callers treat
them, and anything else must not touch shared data itself.
"""

from __future__ import annotations

import dis
import sysconfig
from collections.abc import Callable, Container
from types import CodeType, FrameType
from typing import Any

from pytest_bankrace.runtime.frames import NOT_THEIRS

_PACKAGES = tuple({sysconfig.get_paths()[name] for name in ("purelib", "platlib")})
_TOUCHING = (
    "STORE_ATTR",
    "DELETE_ATTR",
    "STORE_GLOBAL",
    "DELETE_GLOBAL",
    "STORE_DEREF",
    "SUBSCR",
    "SLICE",
)
_CONTAINERS = (list, dict, set, bytearray)


def touches(code: CodeType) -> bool:
    """True when a function's own bytecode reads or writes attributes, items or outer names.

    Reading a method to call it is no such access.
    """
    for instruction in dis.get_instructions(code):
        name = instruction.opname
        if any(part in name for part in _TOUCHING):
            return True
        if name == "LOAD_ATTR" and "NULL|self" not in instruction.argrepr:
            return True
    return False


def is_unseen(code: CodeType) -> bool:
    """True for a function, not instrumented, of neither a library nor us, that touches data."""
    return not code.co_filename.startswith((*NOT_THEIRS, *_PACKAGES)) and touches(code)


class Inspector:
    """A profile function (see `sys.setprofile`) that notes what code runs."""

    def __init__(self, instrumented: Container[str]) -> None:
        self.unseen: set[str] = set()
        """Functions that touch data without a probe."""
        self.ran: set[str] = set()
        """Instrumented files whose code ran."""
        self._instrumented = instrumented
        self._called: dict[int, CodeType] = {}
        """Code that was looked at, by its `id`: it is called again and again."""

    def __call__(self, frame: FrameType, event: str, argument: Any) -> None:
        code = frame.f_code
        if event == "call":
            if id(code) not in self._called:
                self._called[id(code)] = code
                self._judge(code, touches)
        elif event == "c_call" and isinstance(getattr(argument, "__self__", None), _CONTAINERS):
            self._judge(code, lambda _: True)

    def _judge(self, code: CodeType, bad: Callable[[CodeType], bool]) -> None:
        file = code.co_filename
        if file in self._instrumented:
            self.ran.add(file)
        elif not file.startswith((*NOT_THEIRS, *_PACKAGES)) and bad(code):
            self.unseen.add(f"{code.co_qualname} ({file}:{code.co_firstlineno})")
