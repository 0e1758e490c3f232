"""Which strategy has its turn?

No strategy is best at everything (see the figures of each one's paper), so they take turns:
first the schedules without a switch, then a burst of Optimal DPOR: it proves most scenarios of an
exercise, or finds their bug, in fewer executions than there are schedules of one switch. Where
there is more to do, all schedules of 1 and 2 switches, whose first failure is nearly the simplest
one; then a short mix of samplers, which finds wide bugs in milliseconds; then Optimal DPOR again,
to the end or to its share of the budget, because only an exhaustive search can prove; then the mix
again until the budget is spent. Where Optimal DPOR has to give up, the search with sleep sets takes
its place: it compares the operations of one prefix only, so it needs no names that last.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from pytest_bankrace.runtime.operation import Operation
from pytest_bankrace.strategy.bounded import Bounded
from pytest_bankrace.strategy.dpor import OptimalDpor
from pytest_bankrace.strategy.pos import PartialOrderSampling
from pytest_bankrace.strategy.protocol import Strategy
from pytest_bankrace.strategy.surw import SelectivelyUniformRandomWalk
from pytest_bankrace.strategy.walk import RandomWalk

SHARE_OF_BOUNDED = 0.1
"""Of the budget's schedules, at most this share for 0, 1 and 2 switches together."""
MOST_BOUNDED = 1_000
"""And at most so many: a budget of seconds must not be spent before the proof has begun."""
SHARE_OF_FIRST_MIX = 0.02
MOST_OF_FIRST_MIX = 200
SHARE_OF_EXHAUSTIVE = 0.6
FIRST_OF_EXHAUSTIVE = 500
"""Executions of the exhaustive search before the schedules of 1 and 2 switches."""


class Mix:
    """Three samplers in turn."""

    name = "sampling"
    exhaustive = False

    def __init__(self, seed: int) -> None:
        self._all: tuple[Strategy, ...] = (
            PartialOrderSampling(seed),
            RandomWalk(seed + 1),
            SelectivelyUniformRandomWalk(seed + 2),
        )
        self._turn = 0
        self._now: Strategy = self._all[0]

    def new_execution(self) -> bool:
        self._now = self._all[self._turn % len(self._all)]
        self._turn += 1
        return self._now.new_execution()

    def next_thread(
        self, runnable: Sequence[int], current: int, pending: Sequence[Operation | None]
    ) -> int:
        return self._now.next_thread(runnable, current, pending)

    def end_execution(self) -> None:
        self._now.end_execution()


class Portfolio:
    """The strategies in turn. `exhausted` once every interleaving was covered."""

    def __init__(self, schedules: int, seed: int) -> None:
        self.exhausted = False
        self.below = 0
        """Every schedule with fewer preemptions than this was run."""
        self.phase: Strategy = Bounded(0)
        self.name = "portfolio"
        self._phases = self._in_turn(schedules, seed)
        self._left = 0

    def _in_turn(self, schedules: int, seed: int) -> Iterator[tuple[Strategy, int]]:
        """Each phase, and how many executions it has."""
        mix, reduced = Mix(seed), OptimalDpor()
        share = max(1, int(schedules * SHARE_OF_EXHAUSTIVE))
        burst = min(share, FIRST_OF_EXHAUSTIVE)
        yield from self._few_switches((0,), schedules)
        yield reduced, burst
        if not reduced.finished:
            yield from self._few_switches((1, 2), schedules)
            yield mix, max(1, int(min(schedules * SHARE_OF_FIRST_MIX, MOST_OF_FIRST_MIX)))
        if not reduced.finished and not reduced.doubtful:
            yield reduced, max(1, share - burst)
        if reduced.doubtful:
            everything = Bounded(None)
            yield everything, share
            self.exhausted = everything.finished
        else:
            self.exhausted = reduced.finished
        if self.exhausted:
            return
        while True:
            yield mix, schedules

    def _few_switches(
        self, bounds: Sequence[int], schedules: int
    ) -> Iterator[tuple[Strategy, int]]:
        for bound in bounds:
            few = Bounded(bound)
            yield few, max(1, int(min(schedules * SHARE_OF_BOUNDED, MOST_BOUNDED) / 3))
            if few.finished and self.below == bound:
                self.below += 1
            if not few.cut:
                return  # there are no more; the exhaustive search counts each trace once

    @property
    def exhaustive(self) -> bool:
        return self.phase.exhaustive

    def new_execution(self) -> bool:
        while self._left == 0 or not self.phase.new_execution():
            following = next(self._phases, None)
            if following is None:
                return False
            self.phase, self._left = following
        self._left -= 1
        return True

    def next_thread(
        self, runnable: Sequence[int], current: int, pending: Sequence[Operation | None]
    ) -> int:
        return self.phase.next_thread(runnable, current, pending)

    def end_execution(self) -> None:
        self.phase.end_execution()
