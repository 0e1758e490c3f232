"""How long until there is a verdict, beside frontrun's DPOR? And how fast is ours by itself?

The same programs, as text: ours loads them as a submission, frontrun runs them in a process of its
own. Both get a few seconds for each; who has none by then has not judged.
"""

from __future__ import annotations

import json
import resource
import subprocess
import sys
from math import exp, log
from pathlib import Path
from time import perf_counter
from typing import Any

import pytest

from pytest_bankrace import Outcome, Scenario, explore, load_submission
from pytest_bankrace.runtime.controlled import Controlled
from pytest_bankrace.runtime.execution import Execution
from pytest_bankrace.runtime.workers import pool
from pytest_bankrace.strategy.dpor import OptimalDpor

pytestmark = pytest.mark.bench

TIMES_FRONTRUN = 20
SECONDS = 3.0
SIZES = ((2, 1), (3, 1), (2, 3), (4, 1), (3, 2))
"""Threads, and how often each does its work."""

HEAD = """
import threading

class State:
    def __init__(self):
        self.a, self.b, self.seen = 1000, 1000, 2000
        self.one, self.two = threading.Lock(), threading.Lock()
"""
WORK = {
    "lost update": (
        "state.a -= 10; state.b += 10",
        "state.a + state.b == 2000",
        False,
    ),
    "stale check": (
        "if state.a >= 1000:\n        with state.one:\n            state.a -= 1000",
        "state.a >= 0",
        False,
    ),
    "coarse lock": (
        "with state.one:\n        state.a -= 10; state.b += 10",
        "state.a + state.b == 2000",
        True,
    ),
    "ordered locks": (
        "with state.one:\n        with state.two:\n            state.a -= 10; state.b += 10",
        "state.a + state.b == 2000",
        True,
    ),
    "AB/BA": (
        "first, second = (state.one, state.two) if me else (state.two, state.one)\n"
        "    with first:\n        with second:\n            state.a -= 10; state.b += 10",
        "state.a + state.b == 2000",
        False,
    ),
    "self-deadlock": (
        "with state.one:\n        with state.one:\n            state.a -= 10",
        "True",
        False,
    ),
    "leaked lock": (
        "state.one.acquire()\n    if me == 0:\n        return\n"
        "    state.a -= 10\n    state.one.release()",
        "True",
        False,
    ),
    "torn audit": (
        "if me:\n        with state.one:\n            state.a -= 10; state.b += 10\n"
        "    else:\n        state.seen = state.a + state.b",
        "state.seen == 2000",
        False,
    ),
}


def program(name: str, times: int) -> str:
    work, holds, _ = WORK[name]
    return (
        f"{HEAD}\ndef step(state, me):\n    {work}\n"
        f"\ndef work(state, me):\n    for _ in range({times}):\n        step(state, me)\n"
        f"\ndef holds(state):\n    return {holds}\n"
    )


def scenario(folder: Path, text: str, threads: int) -> tuple[Scenario, Any]:
    file = folder / "program.py"
    file.write_text(text)
    module = load_submission(file)

    def body(me: int) -> Any:
        return lambda state: module.work(state, me)

    bodies = [body(me) for me in range(threads)]
    made = Scenario(lambda: module.State(), *bodies, at_end=lambda state: module.holds(state))
    return made, module


def ours(folder: Path, text: str, threads: int) -> tuple[float, str]:
    made, module = scenario(folder, text, threads)
    begun = perf_counter()
    found = explore(made, submissions=[module], schedules=10**6, seconds=SECONDS)
    seconds = perf_counter() - begun
    return seconds, {Outcome.FAILED: "fails", Outcome.SURVIVED: ""}.get(found.outcome, "holds")


FRONTRUN = """
import json, sys, time
import frontrun
{text}
begun = time.perf_counter()
try:
    found = frontrun.explore(
        setup=State,
        workers=[lambda s, me=me: work(s, me) for me in range({threads})],
        invariant=holds,
        preemption_bound=None,
        reproduce_on_failure=0,
        deadlock_timeout=1.0,
        total_timeout={seconds},
    )
    told = "holds" if found.property_holds else "fails"
except Exception as error:
    told = type(error).__name__
print(json.dumps([time.perf_counter() - begun, told]))
"""


def frontruns(folder: Path, text: str, threads: int) -> tuple[float, str]:
    pytest.importorskip("frontrun", reason="install the extra `bench`")
    file = folder / "by_frontrun.py"
    file.write_text(FRONTRUN.format(text=text, threads=threads, seconds=SECONDS))
    cli = Path(sys.executable).with_name("frontrun")
    try:
        found = subprocess.run(
            [str(cli), sys.executable, str(file)],
            capture_output=True,
            text=True,
            timeout=SECONDS * 5,
        )
        seconds, told = json.loads(found.stdout.splitlines()[-1])
    except subprocess.TimeoutExpired:
        return SECONDS * 5, "hangs"
    except (IndexError, ValueError):
        return SECONDS, "crashes"
    return seconds, told if seconds < SECONDS else ""


def test_time_to_verdict_beside_frontrun(benchmark: Any, tmp_path: Path) -> None:
    ratios = []
    wrong_there = 0
    print(f"\n{'program':<16} {'size':<5} {'ours':>9} {'frontrun':>9} {'times':>6}")
    for name, (_, _, right) in WORK.items():
        expected = "holds" if right else "fails"
        for threads, times in SIZES:
            text = program(name, times)
            mine, said = ours(tmp_path, text, threads)
            theirs, they_said = frontruns(tmp_path, text, threads)
            assert said == expected, (name, threads, times, said)
            wrong_there += they_said != expected
            ratios.append(theirs / mine)
            note = "" if they_said == expected else f"  frontrun: {they_said or 'no verdict'}"
            print(
                f"{name:<16} {threads}x{times:<3} {mine * 1e3:>6.1f} ms {theirs * 1e3:>6.0f} ms"
                f" {theirs / mine:>6.0f}{note}"
            )
    mean = exp(sum(map(log, ratios)) / len(ratios))
    print(f"geometric mean {mean:.0f}; frontrun is not right in {wrong_there} of {len(ratios)}")
    benchmark.extra_info["times frontrun"] = round(mean)
    benchmark.pedantic(ours, args=(tmp_path, program("coarse lock", 1), 2), rounds=5)
    assert mean >= TIMES_FRONTRUN


def run_dpor(made: Scenario, limit: int) -> int:
    """Explore by DPOR alone; how many executions that took."""
    strategy, count = OptimalDpor(), 0

    def go_on(execution: Execution) -> bool:
        nonlocal count
        strategy.end_execution()
        count += 1
        return count < limit and strategy.new_execution()

    assert strategy.new_execution()
    with pool.pinned():
        Controlled(made).explore(strategy, go_on)
    return count


@pytest.mark.parametrize(
    ("name", "threads", "times", "traces"),
    [
        ("lost update", 2, 1, None),
        ("coarse lock", 2, 3, 20),
        ("coarse lock", 3, 3, 1680),
        ("ordered locks", 3, 2, 90),
    ],
)
def test_executions_per_second(
    benchmark: Any, tmp_path: Path, name: str, threads: int, times: int, traces: int | None
) -> None:
    text = program(name, times).replace("return state.a + state.b == 2000", "return True")
    made, _ = scenario(tmp_path, text, threads)
    count = run_dpor(made, 10_000)
    assert traces in (None, count)
    seconds = (
        benchmark.pedantic(run_dpor, args=(made, 10_000), rounds=3) and benchmark.stats["median"]
    )
    benchmark.extra_info["executions per second"] = round(count / seconds)
    print(f"\n{name} {threads}x{times}: {count} executions, {count / seconds:,.0f} a second")


def test_memory_stays_flat(benchmark: Any, tmp_path: Path) -> None:
    """Over 100,000 executions: the search keeps what its current path needs, and no more."""
    text = program("lost update", 2).replace("return state.a + state.b == 2000", "return True")
    made, _ = scenario(tmp_path, text, 3)
    strategy, count = OptimalDpor(), 0
    kilobytes = {}

    def go_on(execution: Execution) -> bool:
        nonlocal count
        strategy.end_execution()
        count += 1
        if count in (10_000, 100_000):
            kilobytes[count] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        return count < 100_000 and strategy.new_execution()

    def explore_all() -> None:
        assert strategy.new_execution()
        with pool.pinned():
            Controlled(made).explore(strategy, go_on)

    benchmark.pedantic(explore_all, rounds=1)
    grown = kilobytes[100_000] - kilobytes[10_000]
    print(f"\nfrom 10,000 to 100,000 executions: {grown / 1024:.1f} MB more")
    assert grown < 10 * 1024
