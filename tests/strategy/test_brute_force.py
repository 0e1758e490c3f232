"""Do the strategies find what there is to find? Held against an independent interpreter."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from random import Random
from typing import Any

import pytest

from pytest_bankrace.runtime.controlled import Controlled
from pytest_bankrace.runtime.workers import pool
from pytest_bankrace.strategy.bounded import Bounded
from pytest_bankrace.strategy.dpor import OptimalDpor
from pytest_bankrace.strategy.pos import PartialOrderSampling
from pytest_bankrace.strategy.protocol import Strategy
from pytest_bankrace.strategy.surw import SelectivelyUniformRandomWalk
from pytest_bankrace.strategy.walk import RandomWalk
from tests.strategy import oracle, waiting
from tests.strategy.programs import Code, Program, generate, outcomes, traces

TRACES = 200
"""Programs with more are left out: they take long, and show no more."""


def explored(
    code: Code, strategy: Strategy, limit: int = 100_000, kind: type[Program] = Program
) -> tuple[set[Any], int]:
    """The outcomes that a strategy reaches, and in how many executions that were not redundant."""
    program = kind(code)
    runtime = Controlled(program.scenario)
    found, complete = set(), 0
    with pool.pinned():
        while limit and strategy.new_execution():
            limit -= 1
            execution = runtime.run(strategy)
            strategy.end_execution()
            assert not execution.cut
            if not execution.redundant:
                complete += 1
                found.add(program.outcome(execution))
    return found, complete


def programs(count: int, *, tries: bool, most: int = TRACES, seed: int = 0) -> list[Code]:
    found = []
    while len(found) < count:
        code = generate(Random(f"{tries}/{seed}"), tries=tries)
        seed += 1
        if 1 < traces(code, most) <= most:
            found.append(code)
    return found


@pytest.mark.parametrize("tries", [False, True])
@pytest.mark.parametrize(
    ("search", "count", "seed"),
    [
        (partial(Bounded, None), 200, 0),
        (OptimalDpor, 1_000, 0),
        pytest.param(OptimalDpor, 20_000, 1_000_000, marks=pytest.mark.long),
    ],
)
def test_exhaustive_search_reaches_every_outcome_by_each_trace_once(
    search: Callable[[], Strategy], count: int, seed: int, tries: bool
) -> None:
    stuck = 0
    for code in programs(count, tries=tries, seed=seed):
        there = outcomes(code)
        strategy = search()
        found, executions = explored(code, strategy)
        assert found == there, code
        assert executions == traces(code, TRACES), code
        if isinstance(strategy, OptimalDpor):
            assert strategy.finished, strategy.doubtful
            assert strategy.redundant == 0, code
        stuck += any(outcome[0] for outcome in there)
    assert stuck, "none of the programs can deadlock"


def waiting_programs(count: int, states: int, seed: int) -> Iterator[tuple[Code, set[Any]]]:
    """Programs whose threads wait for one another, each with its outcomes."""
    while count:
        code = waiting.generate(Random(f"waiting/{seed}"))
        seed += 1
        there = oracle.outcomes(code, states)
        if there is not None and len(there) > 1:
            count -= 1
            yield code, there


@pytest.mark.parametrize(
    ("count", "states", "seed"),
    [(1_500, 250, 0), pytest.param(20_000, 600, 1_000_000, marks=pytest.mark.long)],
)
def test_every_outcome_of_programs_that_wait_is_reached(count: int, states: int, seed: int) -> None:
    met: set[str] = set()
    stuck = compared = 0
    for number, (code, there) in enumerate(waiting_programs(count, states, seed)):
        strategy = OptimalDpor()
        found, executions = explored(code, strategy, kind=waiting.WaitingProgram)
        # Who notifies without the lock makes the runtime doubt that DPOR finds everything.
        careless = waiting.careless(code)
        assert found <= there if careless else found == there, code
        assert careless or strategy.finished, (strategy.doubtful, code)
        if careless or number % 10 == 0:
            found, traces = explored(code, Bounded(None), kind=waiting.WaitingProgram)
            assert found == there, code
            assert careless or executions + strategy.redundant == traces, code
            compared += 1
        met.update(instruction[0] for own in code for instruction in own)
        stuck += any(outcome[0] for outcome in there)
    assert met >= waiting.WAITS
    assert compared > count / 10
    assert 0 < stuck < count


def test_bounded_search_grows_to_every_outcome() -> None:
    for code in programs(25, tries=True, most=6):
        there = outcomes(code)
        if len(there) == 1:
            continue
        found: set[Any] = set()
        for bound in range(30):
            strategy = Bounded(bound)
            reached, _ = explored(code, strategy)
            assert found <= reached <= there, code
            found = reached
            if not strategy.cut:
                break
        assert found == there, code


@pytest.mark.parametrize(
    "sampler", [RandomWalk, PartialOrderSampling, SelectivelyUniformRandomWalk]
)
def test_samplers_reach_only_what_there_is_and_nearly_all_of_it(sampler: Any) -> None:
    reached = there_are = 0
    for code in programs(40, tries=True):
        there = outcomes(code)
        found, _ = explored(code, sampler(0), limit=300)
        assert found <= there, code
        reached += len(found)
        there_are += len(there)
    assert reached > 0.9 * there_are
