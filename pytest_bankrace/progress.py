"""What does somebody see who waits? One live line on the terminal, gone when the race is over.

pytest captures what is written while a test runs, so the line goes to the terminal itself. Nothing
is written where the output is a file, or in CI.
"""

from __future__ import annotations

import os
import sys
from typing import TextIO

import pytest

TERMINAL = "CONOUT$" if sys.platform == "win32" else "/dev/tty"
_CLEAR = "\r\x1b[2K"


def progress_for(config: pytest.Config, on_terminal: bool) -> Progress | None:
    """The live line, where there is somebody to see it."""
    if not on_terminal or os.environ.get("CI"):
        return None
    writer = config.get_terminal_writer()
    return Progress(writer.width_of_current_line, writer.fullwidth)


class Progress:
    """A line below the one that pytest writes on."""

    def __init__(self, column: int, width: int) -> None:
        self._column = column
        """Where pytest goes on in its own line."""
        self._width = width
        self._terminal: TextIO | None = None

    def show(self, schedules: int, seconds: float, phase: str) -> None:
        """So many schedules were run in so many seconds; `phase` names the search."""
        begin = _CLEAR
        if self._terminal is None:
            try:
                self._terminal = open(TERMINAL, "w", encoding="utf-8")  # noqa: SIM115
            except OSError:  # a terminal that is not this process's own
                return
            begin = "\n"
        rate = schedules / seconds
        text = f"  {schedules:,} schedules, {rate:,.0f} a second: {phase}"
        self._write(begin + text[: self._width - 1])

    def end(self) -> None:
        """Take the line away."""
        if self._terminal is not None:
            right = f"\x1b[{self._column}C" if self._column else ""
            self._write(f"{_CLEAR}\x1b[A\r{right}")
            self._terminal.close()
            self._terminal = None

    def _write(self, text: str) -> None:
        assert self._terminal is not None
        self._terminal.write(text)
        self._terminal.flush()
