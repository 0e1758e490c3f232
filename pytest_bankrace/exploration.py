"""How does a scenario become a verdict?

Executions are run, each by the schedule that a strategy picks, until one fails, until every
interleaving is covered, or until the budget is spent. A failing schedule is run once more and
recorded; the diagnosis is made from the record.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterable, Sequence
from math import ceil
from time import perf_counter
from typing import Any

from pytest_bankrace.errors import UsageError
from pytest_bankrace.explain.predicate import compare as compare_sides
from pytest_bankrace.judging import describe_failure, judge, refuse_misuse
from pytest_bankrace.nondeterminism import departure
from pytest_bankrace.replay_token import compare
from pytest_bankrace.replay_token import read as read_token
from pytest_bankrace.replay_token import write as write_token
from pytest_bankrace.runtime.controlled import Controlled
from pytest_bankrace.runtime.execution import INVALID, Ending, Execution, Failure
from pytest_bankrace.runtime.recorder import Debugger, Recorder
from pytest_bankrace.runtime.session import Patience
from pytest_bankrace.runtime.unseen import Inspector
from pytest_bankrace.runtime.workers import pool
from pytest_bankrace.scenario import Budget, Scenario
from pytest_bankrace.strategy.portfolio import Portfolio
from pytest_bankrace.strategy.protocol import Strategy
from pytest_bankrace.strategy.replay import Replay
from pytest_bankrace.strategy.shrink import shrink, switches
from pytest_bankrace.submission.loader import Submission, instrumented
from pytest_bankrace.surroundings import one_at_a_time, silenced
from pytest_bankrace.unordered import DataRaces, Found, Unordered
from pytest_bankrace.verdict import Outcome, Trace, Verdict

AT_LEAST = 500
PATIENT = 5
"""A budget's seconds count this many times until this many schedules are run: on a busy machine
the same bugs are to be found as on an idle one."""
SLOW = 200e-6
"""Seconds for one operation: slower, and the CPU that the run is pinned to is somebody else's."""
_LOOKS = (10, 50, 200)
"""Schedules after which it is looked whether that is so."""
RUN_AGAIN = 8
"""Executions that have to go the same way again before anything is proved by so few."""
TOLD_FROM, TOLD_EVERY = 1.0, 0.1
"""Seconds after which the progress is told, and between one time and the next."""
DEBUGGING = 1e6
"""Seconds that a replayed thread may stand still: somebody may look at it in a debugger."""
_ENDLESS_SHOWN = 60
"""Operations of an endless loop that are recorded."""


def explore(
    scenario: Scenario,
    *,
    schedules: int = Budget.schedules,
    seconds: float = Budget.seconds,
    seed: int = Budget.seed,
    steps: int = Budget.steps,
    strategy: Strategy | None = None,
    replay: str = "",
    submissions: Iterable[Submission] = (),
    data_races: DataRaces = "report",
    test: str = "",
    race: int = 1,
    debugger: Debugger | None = None,
    progress: Callable[[int, float, str], None] | None = None,
) -> Verdict:
    """Run a scenario under one schedule after another, and say what was found.

    The threads' code must come from `load_submission`, or from a test module that pytest loaded:
    only there are shared accesses seen. Where other code runs, the verdict is never PROVED.

    `strategy` replaces the portfolio; `submissions` are the student's files, for the names of
    their module-level data in reports. With `replay`, a failing verdict's token, only its schedule
    is run; `test` and `race`, the number of the race in the test, say what tokens belong to.
    `progress` is told, after a second and then ten times in each, how many schedules were run, in
    how many seconds, and by which search. With `replay`, `debugger` is called with the frame that
    takes the last step, before it is taken.

    `data_races`, accesses with no order between them: "report" notes those of a scenario that
    passes, "forbid" fails it, "ignore" says nothing.

    Raises UsageError for a call that makes no sense, for a submission that can't be used, and for
    a token that is damaged, belongs to another test, or was made of another program.
    """
    budget = Budget(schedules=schedules, seconds=seconds, seed=seed, steps=steps)
    if not isinstance(scenario, Scenario):
        raise UsageError(f"explore() takes a Scenario, not {scenario!r}.")
    with one_at_a_time():
        exploration = _Exploration(
            scenario, budget, strategy, list(submissions), (test, race), data_races
        )
        exploration.progress = progress
        return exploration.replayed(replay, debugger) if replay else exploration.verdict()


class _Exploration:
    def __init__(
        self,
        scenario: Scenario,
        budget: Budget,
        strategy: Strategy | None,
        submissions: list[Submission],
        place: tuple[str, int],
        data_races: DataRaces,
    ) -> None:
        self._unordered = Unordered(data_races)
        self._scenario = scenario
        self._place = place
        self._budget = budget
        self._submissions = submissions
        self._portfolio = strategy or Portfolio(budget.schedules, budget.seed)
        patience = Patience(steps=budget.steps)
        self._runtime = Controlled(scenario, patience, budget.seed, self._globals)
        self.progress: Callable[[int, float, str], None] | None = None
        self._next_told = TOLD_FROM
        self._spent = ""
        self._schedules = 0
        self._complete: dict[Strategy, int] = {}
        """Executions that were not redundant, by phase."""
        self._first: list[tuple[Execution, bool]] = []
        """The first executions, each with whether an exhaustive search has run it."""
        self._cut = ""
        self._failing: Execution | None = None
        self._started = perf_counter()
        self._steps = 0

    def verdict(self) -> Verdict:
        with pool.pinned():
            with silenced():
                failed = self._search()
            if failed is None:
                return self._passed()
            return self._failed(failed)

    def _search(self) -> Execution | None:
        """Explore; the execution that fails, or None."""
        if self._portfolio.new_execution():
            self._runtime.explore(self._portfolio, self._next_one)
        return self._failing

    def _next_one(self, execution: Execution) -> bool:
        """Note how an execution went; whether there is to be another."""
        strategy, budget = self._portfolio, self._budget
        strategy.end_execution()
        self._schedules += 1
        if execution.failure is not None:
            self._failing = execution
            return False
        if execution.cut:
            self._cut = execution.cut
        if not execution.redundant:
            phase = getattr(strategy, "phase", strategy)
            self._complete[phase] = self._complete.get(phase, 0) + 1
            if len(self._first) < RUN_AGAIN:
                self._first.append((execution, strategy.exhaustive))
            self._unordered.keep(execution, len(self._runtime.operations))
        self._steps += len(execution.threads)
        seconds = perf_counter() - self._started
        if self._schedules >= budget.schedules:
            self._spent = f"the budget of {budget.schedules:,} schedules was spent"
        elif seconds > budget.seconds * (1 if self._schedules >= AT_LEAST else PATIENT):
            self._spent = f"the budget of {budget.seconds:g} seconds was spent"
        if seconds > self._next_told and self.progress is not None:
            self._next_told = seconds + TOLD_EVERY
            phase = getattr(strategy, "phase", strategy)
            self.progress(self._schedules, seconds, phase.name)
        if self._schedules in _LOOKS and seconds > SLOW * self._steps:
            pool.unpin()
        return not self._spent and strategy.new_execution()

    # -- Nothing failed

    def _passed(self) -> Verdict:
        exhausted = not self._spent and getattr(self._portfolio, "exhausted", False)
        if exhausted and (departed := self._went_another_way()) is not None:
            return self._departed("an execution went another way when run again", departed)
        reason = self._spent or self._cut
        if not exhausted and not reason:
            reason = "the strategy does not cover every interleaving"
        reason = reason or min(self._runtime.doubts, default="") or self._unseen()
        with silenced():
            noted, race = self._unordered.look(self._record, proved=not reason)
        if race is not None:
            return self._raced(race)
        reason = reason or self._unordered.missed
        if reason:
            return self._make(Outcome.SURVIVED, reason=reason, notes=tuple(noted))
        phase = getattr(self._portfolio, "phase", self._portfolio)
        count = self._complete.get(phase, 0)
        return self._make(Outcome.PROVED, interleavings=count, notes=tuple(noted))

    def _went_another_way(self) -> Execution | None:
        """An execution that is not the same when it is run again, if one of the first is not.

        A search that covers everything in a few executions has compared little.
        """
        times = ceil(RUN_AGAIN / len(self._first))
        with silenced():
            for execution, exhaustive in self._first:
                replay = Replay(execution.threads, exhaustive=exhaustive, times=times)
                if not self._runtime.goes_again(replay, execution):
                    return execution
        return None

    def _raced(self, race: Found) -> Verdict:
        """Data races are forbidden, and there is one."""
        threads = race.execution.threads
        return self._make(
            Outcome.FAILED,
            finding=race.finding,
            trace=race.trace,
            fateful=race.fateful,
            replay=write_token(*self._place, threads, race.recorder.marks),
            switches=(switches(threads), switches(threads)),
        )

    def _unseen(self) -> str:
        """Why not all shared accesses were seen; empty when they were.

        One execution more is run for this, in which every call is looked at.
        """
        inspector = self._runtime.inspector = Inspector(instrumented)
        with silenced():
            self._runtime.run(Replay(()))
        for file in sorted(inspector.ran):
            for place in instrumented[file]:
                name = os.path.basename(file)
                return f"{name}:{place.line}: {place.what}"
        for function in sorted(inspector.unseen):
            return f"{function} runs in a thread, and its accesses can't be seen"
        return ""

    # -- Something failed

    def _failed(self, execution: Execution) -> Verdict:
        failure = execution.failure
        assert failure is not None
        refuse_misuse(failure, self._submissions)
        if failure.ending is Ending.NONDETERMINISM:
            return self._departed("an execution departed from the one it was to repeat", execution)
        if failure.ending in INVALID:
            return judge(Trace((), ()), None, failure, self._make(Outcome.INVALID))
        with silenced():
            below = getattr(self._portfolio, "below", 0)
            threads = shrink(self._runtime.run, execution.threads, failure, below)
        endless = failure.ending is Ending.ENDLESS and failure.since is not None
        if endless:
            threads = threads[: (failure.since or 0) + _ENDLESS_SHOWN]
        recorder, again = self._record(threads, endless)
        if again.failure is None or again.failure.ending is not failure.ending:
            ending = again.failure.ending.value if again.failure else "it ran to its end"
            how = f"a schedule that failed ({failure.ending.value}) went another way when run again"
            return self._departed(f"{how} ({ending})", execution)
        token = write_token(*self._place, again.threads, recorder.marks, endless=endless)
        found = again.threads if endless else execution.threads
        counts = switches(found), switches(again.threads)
        return self._told(recorder, again.failure, token, counts)

    def _departed(self, how: str, execution: Execution) -> Verdict:
        """The same schedule is not the same execution each time."""

        def record(threads: Sequence[int], profile: Any) -> tuple[Recorder, Execution]:
            return self._record(threads, profile=profile)

        with silenced():
            why = departure(record, execution.threads)
        reason = f"the program is not deterministic: {how}; {why}"
        return self._make(Outcome.INVALID, reason=reason)

    def replayed(self, text: str, debugger: Debugger | None) -> Verdict:
        """The verdict on the one schedule of a token."""
        token = read_token(text)
        if not token.belongs_to(*self._place):
            raise UsageError(
                f"the replay token {text} belongs to another test, or to another race of this one:"
                " run the whole command of the report's line `Again`."
            )
        with pool.pinned():
            recorder, execution = self._record(token.threads, token.endless, debugger, DEBUGGING)
            self._schedules, failure = 1, execution.failure
            if failure is not None:
                refuse_misuse(failure, self._submissions)
            names = [task.name for task in recorder.tasks]
            if departed := compare(token, execution.threads, recorder.marks, names):
                raise UsageError(
                    f"the program is not the one that the replay token {text} was made of:"
                    f" {departed}. Run the test without --bankrace-replay."
                )
            if failure is None:
                self._unordered.keep(execution, 0)
                race = self._unordered.look(self._record, proved=False)[1]
                if race is not None:
                    return self._raced(race)
                reason = "the replay token's schedule alone was run, and it does not fail any more"
                return self._make(Outcome.SURVIVED, reason=reason)
            if failure.ending in INVALID:
                return judge(Trace((), ()), None, failure, self._make(Outcome.INVALID))
            count = switches(execution.threads)
            return self._told(recorder, failure, token.text, (count, count))

    def _told(
        self, recorder: Recorder, failure: Failure, token: str, counts: tuple[int, int]
    ) -> Verdict:
        """The verdict on a failing execution that was recorded."""
        failing = describe_failure(failure, self._scenario, recorder)
        verdict = self._make(Outcome.FAILED, replay=token, switches=counts)
        return judge(recorder.trace(), failing, failure, verdict)

    def _record(
        self,
        threads: Sequence[int],
        endless: bool = False,
        debugger: Debugger | None = None,
        seconds: float = Patience().stuck_seconds,
        profile: Any = None,
    ) -> tuple[Recorder, Execution]:
        """Run a schedule and record it; an endless loop, up to the schedule's end."""
        patience = Patience(
            steps=len(threads) if endless else sys.maxsize,
            endless=endless,
            spin=sys.maxsize,
            row=sys.maxsize,
            stuck_seconds=seconds,
            asleep_seconds=Patience().asleep_seconds if debugger is None else seconds,
        )
        recorder = Recorder(
            self._scenario, patience, self._budget.seed, self._globals, compare_sides
        )
        recorder.inspector = profile
        recorder.debugger, recorder.last_step = debugger, len(threads)
        return recorder, recorder.run(Replay(threads))

    def _globals(self) -> list[dict[str, Any]]:
        return [vars(module) for sub in self._submissions for module in sub.modules()]

    def _make(self, outcome: Outcome, **found: Any) -> Verdict:
        seconds = perf_counter() - self._started
        return Verdict(outcome, self._schedules, seconds, self._budget.seed, **found)
