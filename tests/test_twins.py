"""Is every bug shape found, by its name, and is no right program ever failed?"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from pytest_bankrace import Outcome, explore
from pytest_bankrace.runtime.controlled import Controlled
from pytest_bankrace.runtime.execution import Execution
from pytest_bankrace.runtime.workers import pool
from pytest_bankrace.strategy.bounded import Bounded
from pytest_bankrace.strategy.dpor import OptimalDpor
from pytest_bankrace.strategy.protocol import Strategy
from pytest_bankrace.verdict import Deadlock
from tests.twins import HERE, finding_of, programs, scenario_of, survives

SEEDS = (0, 1, 2)
WITHIN = 50
"""Schedules in which the textbook bugs are found."""
DEEPER, WITHIN_DEEPER = {"peterson", "wait_if"}, 500
"""Those that need two switches or more, each at its place."""
GIVEN_UP = {"back_off", "half_made", "peterson"}
"""Where Optimal DPOR alone can't go on, and says so: an object that is made in a race, or a loop
that was made to let others run."""
MOST = 5_000
"""Interleavings that are counted in one program."""


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("path", programs("fails"), ids=lambda path: path.stem)
def test_a_failing_program_gets_its_finding(path: Path, seed: int) -> None:
    scenario, module = scenario_of(path)
    verdict = explore(scenario, seed=seed, submissions=[module])
    assert verdict.outcome is Outcome.FAILED, verdict
    assert type(verdict.finding).__name__ == finding_of(path), verdict.finding
    assert verdict.schedules <= (WITHIN_DEEPER if path.stem in DEEPER else WITHIN), verdict


@pytest.mark.parametrize("path", programs("fails"), ids=lambda path: path.stem)
@pytest.mark.parametrize("search", [OptimalDpor, partial(Bounded, None)])
def test_an_exhaustive_search_alone_finds_it(search: Callable[[], Any], path: Path) -> None:
    """The phases before it find most bugs, and would hide a dependence that it does not see."""
    scenario, module = scenario_of(path)
    strategy = search()
    verdict = explore(scenario, submissions=[module], strategy=strategy, seconds=30)
    if path.stem in GIVEN_UP and isinstance(strategy, OptimalDpor):
        assert strategy.doubtful
        assert verdict.outcome is Outcome.SURVIVED, verdict
    else:
        assert verdict.outcome is Outcome.FAILED, verdict


def complete(path: Path, strategy: Strategy) -> int:
    """How many executions a search completes; -1 where it can't cover everything."""
    scenario, module = scenario_of(path)
    found = 0

    def go_on(execution: Execution) -> bool:
        nonlocal found
        strategy.end_execution()
        assert execution.failure is None, execution.failure
        found += not execution.redundant
        if execution.cut or found > MOST:
            found = -1
        return found >= 0 and strategy.new_execution()

    def namespaces() -> list[dict[str, Any]]:
        return [vars(part) for part in module.modules()]

    with pool.pinned():
        assert strategy.new_execution()
        Controlled(scenario, globals_of=namespaces).explore(strategy, go_on)
    return found


def test_both_exhaustive_searches_count_the_same_interleavings() -> None:
    compared = 0
    for path in programs("passes"):
        search = OptimalDpor()
        found = complete(path, search)
        if found >= 0 and search.finished:
            assert search.redundant == 0, path
            assert found == complete(path, Bounded(None)), path
            compared += 1
    assert compared > 20


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("path", programs("passes"), ids=lambda path: path.stem)
def test_a_passing_program_is_never_failed(path: Path, seed: int) -> None:
    scenario, module = scenario_of(path)
    verdict = explore(scenario, seed=seed, submissions=[module], seconds=0.3)
    assert verdict.outcome in (Outcome.PROVED, Outcome.SURVIVED), verdict


@pytest.mark.parametrize("path", programs("passes"), ids=lambda path: path.stem)
def test_a_passing_program_is_proved_or_says_why_not(path: Path) -> None:
    scenario, module = scenario_of(path)
    seconds = 0.3 if survives(path) else 30
    verdict = explore(scenario, submissions=[module], seconds=seconds)
    assert verdict.outcome is (Outcome.SURVIVED if survives(path) else Outcome.PROVED), str(verdict)


@pytest.mark.parametrize("folder", ["fails", "passes"])
@pytest.mark.parametrize("seats", [2, 3, 4, 5])
def test_any_number_of_philosophers(seats: int, folder: str, tmp_path: Path) -> None:
    program = (HERE / folder / "dining_philosophers.py").read_text()
    path = tmp_path / "dining.py"
    path.write_text(program.replace("SEATS = 3\n", f"SEATS = {seats}\n"))
    scenario, module = scenario_of(path)
    assert len(scenario.threads) == seats
    verdict = explore(scenario, submissions=[module])
    if folder == "fails":
        assert isinstance(verdict.finding, Deadlock), verdict
        assert verdict.trace is not None
        assert len(verdict.trace.waiting) == seats
    else:
        assert verdict.outcome is Outcome.PROVED, verdict
        assert verdict.interleavings == 2**seats - 2  # acyclic orientations of a ring


def test_each_failing_program_has_a_passing_twin() -> None:
    failing = {path.name for path in programs("fails")}
    assert failing <= {path.name for path in programs("passes")}


@pytest.mark.parametrize("path", programs("unproved"), ids=lambda path: path.stem)
def test_what_is_not_covered_is_never_proved(path: Path) -> None:
    """These can fail, in a way that no exploration of ours meets; so much must be said."""
    scenario, module = scenario_of(path)
    verdict = explore(scenario, submissions=[module], seconds=0.3)
    assert verdict.outcome is not Outcome.PROVED, verdict
