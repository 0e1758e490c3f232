"""Is every execution looked at that has a data race, or locks in a circle?"""

from __future__ import annotations

from random import Random

from pytest_bankrace.explain.happens_before import HappensBefore, lock_orders
from pytest_bankrace.explain.predicate import compare
from pytest_bankrace.runtime.recorder import Recorder
from pytest_bankrace.runtime.session import Patience
from pytest_bankrace.runtime.workers import pool
from pytest_bankrace.strategy.walk import RandomWalk
from pytest_bankrace.unordered import suspicious
from tests.strategy.programs import Program, generate


def test_what_is_not_suspicious_has_neither_races_nor_circles() -> None:
    suspected, found = [], []
    with pool.pinned():
        for seed in range(400):
            program = Program(generate(Random(f"unordered/{seed}"), tries=seed % 4 == 0))
            recorder = Recorder(program.scenario, Patience(), seed, list, compare)
            execution = recorder.run(RandomWalk(seed))
            trace = recorder.trace()
            passed = HappensBefore(trace)
            circles = lock_orders(passed.nested, trace.threads)
            suspected.append(suspicious(execution.threads, execution.operations))
            found.append(bool(passed.races or circles))
            assert suspected[-1] or not found[-1], seed
    assert sum(found) > 100
    assert suspected.count(False) > 30
