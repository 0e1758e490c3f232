"""Is a program that is not the same each time told so, by the step and by what it asks for?"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from time import monotonic

import pytest

from pytest_bankrace import Outcome, explore
from tests.twins import scenario_of

PROGRAM = """
import {module}

class Account:
    def __init__(self):
        self.balance = 100
        self.other = 100

def setup():
    return Account()

def toggled():
    os.environ["BANKRACE_TOGGLE"] += "x"
    return len(os.environ["BANKRACE_TOGGLE"]) // 3 % 2

def deposit(account):
    if {condition}:
        account.balance += 1
    else:
        account.other += 1
        account.other += 1

threads = [deposit, deposit]
"""


@pytest.mark.parametrize(
    ("module", "condition", "told"),
    [
        ("os", "os.urandom(1)[0] % 2", "asks for real chance (urandom)"),
        ("datetime", "datetime.datetime.now().microsecond % 2", "asks for the time of day (now)"),
        ("os", "toggled()", "does it depend on"),
    ],
)
def test_the_two_steps_are_told_by_their_lines(
    module: str, condition: str, told: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BANKRACE_TOGGLE", "")
    text = PROGRAM.format(module=module, condition=condition)
    (tmp_path / "program.py").write_text(text)
    scenario, submission = scenario_of(tmp_path / "program.py")
    verdict = explore(scenario, submissions=[submission])
    assert verdict.outcome is Outcome.INVALID
    assert verdict.reason.startswith("the program is not deterministic: ")
    assert "by deposit " in verdict.reason
    assert "reads account.balance at program.py:18 in " in verdict.reason
    assert "reads account.other at program.py:20 in " in verdict.reason
    assert told in verdict.reason


NOT_THERE = """
import os
import threading

class Account:
    balance = 0

def setup():
    return Account()

def deposit(account):
    account.balance += 1

def maybe(account):
    os.environ["BANKRACE_TOGGLE"] += "x"
    account.balance += 1
    if len(os.environ["BANKRACE_TOGGLE"]) < {times}:
        threading.Thread(target=deposit, args=(account,)).start()
    account.balance += 1

threads = [maybe, deposit]
"""


@pytest.mark.parametrize("times", [*range(2, 12)])
def test_a_thread_that_is_not_there_this_time(
    times: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BANKRACE_TOGGLE", "")
    (tmp_path / "program.py").write_text(NOT_THERE.format(times=times))
    scenario, submission = scenario_of(tmp_path / "program.py")
    began = monotonic()
    verdict = explore(scenario, submissions=[submission])
    assert verdict.outcome is Outcome.INVALID
    assert verdict.reason.startswith("the program is not deterministic: ")
    assert monotonic() - began < 5


AGAIN = """
import sys
sys.path.insert(0, {here!r})
from tests.twins import programs, scenario_of
from pytest_bankrace import explore
for path in [*programs("fails"), *programs("passes")]:
    if path.stem in ("computing", "counting_loops"):
        continue  # a second for each execution
    scenario, module = scenario_of(path)
    verdict = explore(scenario, submissions=[module], schedules=100, seconds=60, seed=5)
    print(path.stem, verdict.outcome, verdict.schedules, verdict.replay, verdict.reason)
    print(verdict.finding, verdict.trace and verdict.trace.steps, verdict.notes)
"""


def test_the_same_seed_says_the_same_in_every_process() -> None:
    here = str(Path(__file__).parents[1])
    program = AGAIN.format(here=here)
    said = [
        subprocess.run(
            [sys.executable, "-c", program],
            capture_output=True,
            text=True,
            check=True,
            env={**os.environ, "PYTHONHASHSEED": seed},
        ).stdout
        for seed in ("0", "1", "random")
    ]
    assert len(said[0].splitlines()) > 100
    for other in said[1:]:
        for one, two in zip(said[0].splitlines(), other.splitlines(), strict=True):
            assert one == two
