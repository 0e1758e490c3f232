"""Do the samplers sample as their papers, or plain arithmetic, say?"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from fractions import Fraction
from math import comb, sqrt
from typing import Any

import pytest

from pytest_bankrace.model.threading import Lock
from pytest_bankrace.runtime import current
from pytest_bankrace.runtime.controlled import Controlled
from pytest_bankrace.runtime.operation import Operation
from pytest_bankrace.runtime.workers import pool
from pytest_bankrace.scenario import Scenario
from pytest_bankrace.strategy.pos import PartialOrderSampling
from pytest_bankrace.strategy.protocol import Strategy
from pytest_bankrace.strategy.surw import SelectivelyUniformRandomWalk
from pytest_bankrace.strategy.walk import RandomWalk

SIGMAS = 4


class Box:
    """Shared memory, with the probes that rewritten code would have."""

    def __init__(self, **values: Any) -> None:
        self.__dict__.update(values)
        self.order: list[Any] = []

    def get(self, name: str) -> Any:
        current.active.read(self, name)  # type: ignore[union-attr]
        return getattr(self, name)

    def set(self, name: str, value: Any) -> None:
        current.active.write(self, name)  # type: ignore[union-attr]
        setattr(self, name, value)

    def add(self, name: str, amount: int) -> None:
        self.set(name, self.get(name) + amount)


def racy_transfer() -> Scenario:
    return Scenario(
        lambda: Box(a=100, b=100),
        lambda box: (box.add("a", -60), box.add("b", 60)),
        lambda box: (box.add("b", -30), box.add("a", 30)),
        at_end=lambda box: box.a + box.b == 200,
    )


def ring(size: int) -> Scenario:
    def both(first: int) -> Callable[[list[Any]], None]:
        def body(locks: list[Any]) -> None:
            with locks[first], locks[(first + 1) % size]:
                pass

        return body

    def setup() -> tuple[list[Any]]:
        return ([Lock() for _ in range(size)],)

    return Scenario(setup, *(both(number) for number in range(size)))


def stale_check() -> Scenario:
    def withdraw(box: Box) -> None:
        if box.get("a") >= 60:
            box.add("a", -60)

    return Scenario(lambda: Box(a=100), withdraw, withdraw, at_end=lambda box: box.a >= 0)


class Enumeration:
    """Every sequence of choices that a random walk can make, each with its probability."""

    name = "enumeration"
    exhaustive = False

    def __init__(self) -> None:
        self._path: list[list[int]] = []
        self._depth = 0
        self._over = False

    @property
    def probability(self) -> Fraction:
        product = Fraction(1)
        for _, choices in self._path:
            product /= choices
        return product

    def new_execution(self) -> bool:
        self._depth = 0
        return not self._over

    def next_thread(
        self, runnable: Sequence[int], current: int, pending: Sequence[Operation | None]
    ) -> int:
        if self._depth == len(self._path):
            self._path.append([0, len(runnable)])
        taken, choices = self._path[self._depth]
        assert choices == len(runnable)
        self._depth += 1
        return runnable[taken]

    def end_execution(self) -> None:
        while self._path:
            self._path[-1][0] += 1
            if self._path[-1][0] < self._path[-1][1]:
                return
            self._path.pop()
        self._over = True


def failing_share(scenario: Scenario) -> Fraction:
    """The probability with which a random walk fails, from all the walks there are.

    A thread's begin is a step of its own: so the deadlocks are rarer than the 1/2 and 1/3 that
    they have where it is not, and the racy transfer's 15/32 is the same.
    """
    runtime, walks = Controlled(scenario), Enumeration()
    failing = total = Fraction(0)
    while walks.new_execution():
        execution = runtime.run(walks)
        total += walks.probability
        failing += walks.probability * (execution.failure is not None)
        walks.end_execution()
    assert total == 1
    return failing


def hits(scenario: Scenario, strategy: Strategy, runs: int) -> int:
    """In how many of so many executions a strategy fails."""
    runtime, found = Controlled(scenario), 0
    for _ in range(runs):
        assert strategy.new_execution()
        found += runtime.run(strategy).failure is not None
        strategy.end_execution()
    return found


@pytest.mark.parametrize("seed", [0, 1])
@pytest.mark.parametrize(
    ("scenario", "expected"),
    [
        (racy_transfer(), Fraction(15, 32)),
        (ring(2), Fraction(3, 8)),
        (ring(3), Fraction(11, 54)),
        (stale_check(), Fraction(5, 16)),
    ],
    ids=["racy transfer", "AB/BA", "3-ring", "stale check"],
)
def test_a_random_walk_fails_as_often_as_it_must(
    scenario: Scenario, expected: Fraction, seed: int
) -> None:
    runs = 3_000
    with pool.pinned():
        share = failing_share(scenario)
        assert share == expected
        found = hits(scenario, RandomWalk(seed), runs)
    assert abs(found - runs * share) < SIGMAS * sqrt(runs * share * (1 - share))


@pytest.mark.parametrize(("first", "second"), [(2, 2), (1, 4), (3, 3)])
def test_surw_takes_every_interleaving_equally_often(first: int, second: int) -> None:
    """However many steps lie between those that matter."""

    def body(name: str, steps: int) -> Callable[[Box], None]:
        def run(box: Box) -> None:
            for number in range(steps):
                for _ in range(number * 9):
                    box.set(f"own_{name}", 0)
                box.set("shared", name)
                box.order.append(name)

        return run

    orders: Counter[str] = Counter()
    scenario = Scenario(
        lambda: Box(shared="", own_p=0, own_q=0),
        body("p", first),
        body("q", second),
        at_end=lambda box: orders.update(["".join(box.order)]) is None,
    )
    there, runs = comb(first + second, first), 3_000
    with pool.pinned():
        hits(scenario, SelectivelyUniformRandomWalk(7), runs)
    assert len(orders) == there
    chi_squared = sum((count - runs / there) ** 2 / (runs / there) for count in orders.values())
    freedom = there - 1
    assert chi_squared < freedom + SIGMAS * sqrt(2 * freedom)


def narrow_window(steps: int) -> Scenario:
    """The auditor's one step must fall between the last two of very many."""

    def transfer(box: Box) -> None:
        for _ in range(steps):
            box.set("own", 0)
        box.set("open", True)
        box.set("open", False)

    return Scenario(
        lambda: Box(open=False, own=0),
        transfer,
        lambda box: box.order.append(box.get("open")),
        at_end=lambda box: box.order != [True],
    )


def test_surw_is_not_misled_by_steps_that_do_not_matter() -> None:
    runs = 300
    with pool.pinned():
        walked = hits(narrow_window(30), RandomWalk(0), runs)
        uniform = hits(narrow_window(30), SelectivelyUniformRandomWalk(0), runs)
    assert walked == 0
    assert abs(uniform - runs / 3) < SIGMAS * sqrt(runs * 2 / 9)


@pytest.mark.parametrize(
    "sampler", [RandomWalk, PartialOrderSampling, SelectivelyUniformRandomWalk]
)
def test_a_spinning_thread_does_not_hold_a_sampler_up(sampler: Callable[[int], Strategy]) -> None:
    def spin(box: Box) -> None:
        while not box.get("flag"):
            pass

    scenario = Scenario(lambda: Box(flag=False), spin, lambda box: box.set("flag", True))
    with pool.pinned():
        assert hits(scenario, sampler(0), 50) == 0


@pytest.mark.parametrize(
    "sampler", [RandomWalk, PartialOrderSampling, SelectivelyUniformRandomWalk]
)
@pytest.mark.parametrize("scenario", [racy_transfer(), ring(3), stale_check()])
def test_the_same_seed_samples_the_same_schedules(
    sampler: Callable[[int], Strategy], scenario: Scenario
) -> None:
    def sampled(seed: int) -> list[list[int]]:
        runtime, strategy = Controlled(scenario), sampler(seed)
        found = []
        for _ in range(20):
            assert strategy.new_execution()
            found.append(runtime.run(strategy).threads)
            strategy.end_execution()
        return found

    with pool.pinned():
        assert sampled(1) == sampled(1)
        assert sampled(1) != sampled(2)
