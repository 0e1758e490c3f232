"""Does a long race show that it is at work, to people and to nobody else?"""

from __future__ import annotations

import os
import re
import sys
from typing import Any

import pexpect
import pytest

TEST = """
import threading

def test_long(race):
    def body(state):
        for _ in range(6):
            with state["lock"]:
                state["sum"] += 1

    race(
        lambda: {"lock": threading.Lock(), "sum": 0},
        body, body, body,
        schedules=1_000_000, seconds=1.6,
    )

def test_short(race):
    race(lambda: {}, lambda state: None, lambda state: None)
"""
LINE = re.compile(r"[\d,]+ schedules, [\d,]+ a second: [\w ]+")


def on_a_terminal(folder: Any, environment: dict[str, str]) -> str:
    """All that a terminal gets, with its control sequences."""
    kept = {name: value for name, value in os.environ.items() if name != "CI"}
    found = pexpect.spawn(
        sys.executable,
        ["-m", "pytest", "-p", "no:cacheprovider", "test_it.py"],
        cwd=str(folder),
        env={**kept, **environment, "TERM": "xterm"},
        encoding="utf-8",
        timeout=60,
        dimensions=(24, 100),
    )
    found.expect(pexpect.EOF)
    return str(found.before)


def test_a_line_on_a_terminal(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(test_it=TEST)
    text = on_a_terminal(pytester.path, {})
    shown = LINE.findall(text)
    assert 2 <= len(shown) < 30
    # Cleared, one up, and on behind the file's name: as if nothing had been.
    assert "\r\x1b[2K\x1b[A\r\x1b[11C" in text
    after = text.rpartition("\x1b[A\r\x1b[11C")[2]
    assert not LINE.search(after)
    assert "2 passed" in after


@pytest.mark.parametrize("how", ["CI", "a pipe"])
def test_none_where_nobody_looks(how: str, pytester: pytest.Pytester) -> None:
    pytester.makepyfile(test_it=TEST)
    if how == "CI":
        text = on_a_terminal(pytester.path, {"CI": "true"})
    else:
        text = pytester.runpytest_subprocess("-p", "no:cacheprovider").stdout.str()
    assert "2 passed" in text
    assert not LINE.search(text)
    assert "\x1b[A" not in text
