"""Is every bug shape found, by its name, and is no right program ever failed?"""

from __future__ import annotations

from pathlib import Path

import pytest

from pytest_bankrace import Outcome, explore
from tests.twins import finding_of, programs, scenario_of

SEEDS = (0, 1, 2)
WITHIN = 50
"""Schedules in which the textbook bugs are found."""


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("path", programs("fails"), ids=lambda path: path.stem)
def test_a_failing_program_gets_its_finding(path: Path, seed: int) -> None:
    scenario, module = scenario_of(path)
    verdict = explore(scenario, seed=seed, submissions=[module])
    assert verdict.outcome is Outcome.FAILED, verdict
    assert type(verdict.finding).__name__ == finding_of(path), verdict.finding
    assert verdict.schedules <= WITHIN, verdict


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("path", programs("passes"), ids=lambda path: path.stem)
def test_a_passing_program_is_never_failed(path: Path, seed: int) -> None:
    scenario, module = scenario_of(path)
    verdict = explore(scenario, seed=seed, submissions=[module], seconds=0.3)
    assert verdict.outcome in (Outcome.PROVED, Outcome.SURVIVED), verdict


def test_each_failing_program_has_a_passing_twin() -> None:
    failing = {path.name for path in programs("fails")}
    assert failing <= {path.name for path in programs("passes")}


@pytest.mark.parametrize("path", programs("unproved"), ids=lambda path: path.stem)
def test_what_is_not_covered_is_never_proved(path: Path) -> None:
    """These can fail, in a way that no exploration of ours meets; so much must be said."""
    scenario, module = scenario_of(path)
    verdict = explore(scenario, submissions=[module], seconds=0.3)
    assert verdict.outcome is not Outcome.PROVED, verdict
