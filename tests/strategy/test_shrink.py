"""Is a failing schedule shrunk as far as it goes, and does it still fail in the same way?"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pytest_bankrace.runtime.controlled import Controlled
from pytest_bankrace.runtime.execution import Execution
from pytest_bankrace.runtime.operation import Kind, Operation, Operations
from pytest_bankrace.runtime.workers import pool
from pytest_bankrace.strategy.bounded import Bounded
from pytest_bankrace.strategy.protocol import Strategy
from pytest_bankrace.strategy.replay import Replay
from pytest_bankrace.strategy.shrink import Seen, alike, fewest_switches, shrink, switches
from pytest_bankrace.strategy.walk import RandomWalk
from tests.strategy.programs import Program, generate

Event = tuple[int, Operation]


@st.composite
def executions(draw: st.DrawFn) -> list[Event]:
    """Up to nine reads and writes of three threads on two variables."""
    operations = Operations()
    kinds = st.sampled_from((Kind.READ, Kind.WRITE))
    event = st.tuples(st.integers(0, 2), kinds, st.sampled_from(((1, "x"), (2, "y"))))
    drawn = draw(st.lists(event, min_size=1, max_size=9))
    return [(thread, operations.get(kind, place)) for thread, kind, place in drawn]


def linearizations(events: Sequence[tuple[int, Event]]) -> Iterator[list[tuple[int, Event]]]:
    """All orders of numbered events that keep the order of dependent ones."""
    if not events:
        yield []
    for place, (number, (thread, operation)) in enumerate(events):
        if all(
            thread != other and not operation.conflicts & before.bit
            for _, (other, before) in events[:place]
        ):
            rest = [*events[:place], *events[place + 1 :]]
            for order in linearizations(rest):
                yield [(number, (thread, operation)), *order]


def order_of(threads: Sequence[int], events: Sequence[Event]) -> list[int]:
    """The numbers of the events in the order that a schedule gives them."""
    own = {
        thread: [number for number, (other, _) in enumerate(events) if other == thread]
        for thread in range(3)
    }
    return [own[thread].pop(0) for thread in threads]


@settings(max_examples=300, deadline=None)
@given(executions())
def test_no_order_of_the_same_trace_has_fewer_switches(events: list[Event]) -> None:
    threads = [thread for thread, _ in events]
    found = fewest_switches(threads, [operation for _, operation in events], [0, 0, 0])
    possible = [[number for number, _ in o] for o in linearizations([*enumerate(events)])]
    assert order_of(found, events) in possible
    fewest = min(switches([threads[number] for number in order]) for order in possible)
    assert switches(found) == fewest


def test_a_thread_does_not_begin_before_it_is_started() -> None:
    operations = Operations()
    start, begin = operations.get(Kind.START, (1, "thread")), operations.begin
    other = operations.get(Kind.WRITE, (2, "x"))
    found = fewest_switches([0, 1, 2, 0], [other, start, begin, other], [0, 0, 2])
    assert switches(found) == 2
    assert found.index(1) < found.index(2)
    assert fewest_switches([1, 2, 1], [start, begin, other], [0, 0, 1]) == [1, 1, 2]


def test_of_the_fewest_switches_those_that_a_lock_forces_are_best() -> None:
    """A deadlock of 0 and 1, and 2 waits: first 2, that could go on, or last, when it can't."""
    operations = Operations()
    a, b = (operations.get(Kind.ACQUIRE, (lock, "lock")) for lock in range(2))
    look = operations.get(Kind.READ, (2, "x"))
    found = fewest_switches([2, 0, 1], [look, a, b], [0, 0, 0], [b, a, b])
    assert found == [0, 1, 2]


def failing(seed: int) -> tuple[Controlled, Execution] | None:
    """A random program that can get stuck, and an execution in which it does."""
    runtime = Controlled(Program(generate(Random(f"shrink/{seed}"), tries=True)).scenario)
    walk = RandomWalk(seed)
    for _ in range(30):
        execution = runtime.run(walk)
        if execution.failure is not None:
            return runtime, execution
    return None


def preemptions_needed(runtime: Controlled, execution: Execution) -> int:
    """The fewest preemptions with which any schedule fails in this way."""
    assert execution.failure is not None
    for bound in range(20):
        search: Strategy = Bounded(bound)
        while search.new_execution():
            found = runtime.run(search).failure
            search.end_execution()
            if alike(found, execution.failure):
                return bound
    raise AssertionError


def test_no_schedule_with_fewer_preemptions_fails_in_the_same_way() -> None:
    shrunk = 0
    with pool.pinned():
        for seed in range(500):
            found = failing(seed)
            if found is None:
                continue
            runtime, execution = found
            assert execution.failure is not None
            threads = shrink(runtime.run, execution.threads, execution.failure)
            again = runtime.run(Replay(threads))
            assert alike(again.failure, execution.failure), seed
            assert again.threads == threads, seed
            least = preemptions_needed(runtime, execution)
            seen = Seen(threads)
            assert alike(runtime.run(seen).failure, execution.failure), seed
            assert seen.preemptions == least, seed
            shrunk += switches(threads) < switches(execution.threads)
    assert shrunk > 20


@pytest.mark.parametrize("length", [1_001, 100_000])
def test_a_very_long_execution_is_left_as_it_is(length: int) -> None:
    with pool.pinned():
        found = next(filter(None, map(failing, range(100))))
    failure = found[1].failure
    assert failure is not None

    def never(strategy: Strategy) -> Execution:
        raise AssertionError

    assert shrink(never, [1] * length, failure) == [1] * length
