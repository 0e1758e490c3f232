"""How does a scenario become a verdict?

Executions are run, each by the schedule that a strategy picks, until one fails, until every
interleaving is covered, or until the budget is spent. A failing schedule is run once more and
recorded; the diagnosis is made from the record.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Sequence
from dataclasses import replace
from time import perf_counter
from typing import Any

from pytest_bankrace.errors import SubmissionError, UsageError
from pytest_bankrace.explain.diagnosis import diagnose
from pytest_bankrace.explain.predicate import compare as compare_sides
from pytest_bankrace.explain.predicate import source_of
from pytest_bankrace.replay_token import compare
from pytest_bankrace.replay_token import read as read_token
from pytest_bankrace.replay_token import write as write_token
from pytest_bankrace.runtime.controlled import Controlled
from pytest_bankrace.runtime.execution import INVALID, Ending, Execution, Failure
from pytest_bankrace.runtime.frames import frames_of
from pytest_bankrace.runtime.recorder import Debugger, Recorder
from pytest_bankrace.runtime.session import Patience
from pytest_bankrace.runtime.unseen import Inspector
from pytest_bankrace.runtime.waits import Blockage, Lockable
from pytest_bankrace.runtime.workers import pool
from pytest_bankrace.scenario import Budget, Scenario
from pytest_bankrace.strategy.portfolio import Portfolio
from pytest_bankrace.strategy.protocol import Strategy
from pytest_bankrace.strategy.replay import Replay
from pytest_bankrace.strategy.shrink import shrink, switches
from pytest_bankrace.submission.loader import Submission, explain_call, instrumented
from pytest_bankrace.surroundings import one_at_a_time, silenced
from pytest_bankrace.verdict import Failing, Outcome, Stuck, Symptom, Trace, Verdict

AT_LEAST = 500
PATIENT = 5
"""A budget's seconds count this many times until this many schedules are run: on a busy machine
the same bugs are to be found as on an idle one."""
SLOW = 200e-6
"""Seconds for one operation: slower, and the CPU that the run is pinned to is somebody else's."""
_LOOKS = (10, 50, 200)
"""Schedules after which it is looked whether that is so."""
DEBUGGING = 1e6
"""Seconds that a replayed thread may stand still: somebody may look at it in a debugger."""
_ENDLESS_SHOWN = 60
"""Operations of an endless loop that are recorded."""

_SYMPTOMS = {
    Ending.ALWAYS: Symptom.ALWAYS,
    Ending.AT_END: Symptom.AT_END,
    Ending.PREDICATE: Symptom.PREDICATE,
    Ending.ASSERTION: Symptom.ASSERTION,
    Ending.CRASH: Symptom.CRASH,
    Ending.ORPHAN: Symptom.ORPHAN,
    Ending.ENDLESS: Symptom.ENDLESS,
}
_BLOCKED = {
    Blockage.CYCLE: Symptom.CYCLE,
    Blockage.SELF: Symptom.SELF,
    Blockage.ORPHAN: Symptom.ORPHAN,
    Blockage.OTHER: Symptom.BLOCKED,
}


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
    test: str = "",
    race: int = 1,
    debugger: Debugger | None = None,
) -> Verdict:
    """Run a scenario under one schedule after another, and say what was found.

    The threads' code must come from `load_submission`, or from a test module that pytest loaded:
    only there are shared accesses seen. Where other code runs, the verdict is never PROVED.

    `strategy` replaces the portfolio; `submissions` are the student's files, for the names of
    their module-level data in reports. With `replay`, a failing verdict's token, only its schedule
    is run; `test` and `race`, the number of the race in the test, say what tokens belong to.
    `debugger` is then called with the frame that takes the last step, before it is taken.

    Raises UsageError for a call that makes no sense, for a submission that can't be used, and for
    a token that is damaged, belongs to another test, or was made of another program.
    """
    budget = Budget(schedules=schedules, seconds=seconds, seed=seed, steps=steps)
    if not isinstance(scenario, Scenario):
        raise UsageError(f"explore() takes a Scenario, not {scenario!r}.")
    with one_at_a_time():
        exploration = _Exploration(scenario, budget, strategy, list(submissions), (test, race))
        return exploration.replayed(replay, debugger) if replay else exploration.verdict()


class _Exploration:
    def __init__(
        self,
        scenario: Scenario,
        budget: Budget,
        strategy: Strategy | None,
        submissions: list[Submission],
        place: tuple[str, int],
    ) -> None:
        self._scenario = scenario
        self._place = place
        self._budget = budget
        self._submissions = submissions
        self._portfolio = strategy or Portfolio(budget.schedules, budget.seed)
        patience = Patience(steps=budget.steps)
        self._runtime = Controlled(scenario, patience, budget.seed, self._globals)
        self._spent = ""
        self._schedules = 0
        self._complete: dict[Strategy, int] = {}
        """Executions that were not redundant, by phase."""
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
        self._steps += len(execution.threads)
        seconds = perf_counter() - self._started
        if self._schedules >= budget.schedules:
            self._spent = f"the budget of {budget.schedules:,} schedules was spent"
        elif seconds > budget.seconds * (1 if self._schedules >= AT_LEAST else PATIENT):
            self._spent = f"the budget of {budget.seconds:g} seconds was spent"
        if self._schedules in _LOOKS and seconds > SLOW * self._steps:
            pool.unpin()
        return not self._spent and strategy.new_execution()

    # -- Nothing failed

    def _passed(self) -> Verdict:
        exhausted = not self._spent and getattr(self._portfolio, "exhausted", False)
        reason = self._spent or self._cut
        if not exhausted and not reason:
            reason = "the strategy does not cover every interleaving"
        reason = reason or min(self._runtime.doubts, default="") or self._unseen()
        if reason:
            return self._make(Outcome.SURVIVED, reason=reason)
        phase = getattr(self._portfolio, "phase", self._portfolio)
        return self._make(Outcome.PROVED, interleavings=self._complete.get(phase, 0))

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
            return self._make(
                Outcome.INVALID,
                reason=f"the program is not deterministic: a schedule that failed"
                f" ({failure.ending.value}) went another way when it was run again ({ending});"
                f" {_NONDETERMINISM}",
            )
        token = write_token(*self._place, again.threads, recorder.marks, endless=endless)
        found = again.threads if endless else execution.threads
        counts = switches(found), switches(again.threads)
        return self._told(recorder, again.failure, token, counts)

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
        endless: bool,
        debugger: Debugger | None = None,
        seconds: float = Patience().stuck_seconds,
    ) -> tuple[Recorder, Execution]:
        """Run a schedule and record it; an endless loop, up to the schedule's end."""
        patience = Patience(
            steps=len(threads) if endless else sys.maxsize,
            endless=endless,
            spin=sys.maxsize,
            row=sys.maxsize,
            stuck_seconds=seconds,
        )
        recorder = Recorder(
            self._scenario, patience, self._budget.seed, self._globals, compare_sides
        )
        recorder.debugger, recorder.last_step = debugger, len(threads)
        return recorder, recorder.run(Replay(threads))

    def _globals(self) -> list[dict[str, Any]]:
        return [vars(module) for sub in self._submissions for module in sub.modules()]

    def _make(self, outcome: Outcome, **found: Any) -> Verdict:
        seconds = perf_counter() - self._started
        return Verdict(outcome, self._schedules, seconds, self._budget.seed, **found)


_NONDETERMINISM = "does it depend on the time, the environment or the order of a set?"


def refuse_misuse(failure: Failure, submissions: list[Submission]) -> None:
    """Raise the UsageError that a failure really is: a broken file, a call that does not fit."""
    error = failure.error
    if isinstance(error, UsageError) or (error is not None and _leaves_the_test(error)):
        raise error
    if failure.error is not None and (sentence := explain_call(failure.error, submissions)):
        raise SubmissionError(sentence) from failure.error


def _leaves_the_test(error: BaseException) -> bool:
    """Whether it is pytest's `skip` or `exit`, or the end of a debugger's session."""
    kind = type(error)
    return kind.__module__ in ("_pytest.outcomes", "bdb") and kind.__name__ != "Failed"


def judge(trace: Trace, failing: Failing | None, failure: Failure, verdict: Verdict) -> Verdict:
    """A verdict, completed: FAILED with its finding, or INVALID with its reason."""
    if failing is not None:
        found = diagnose(trace, failing)
        return replace(
            verdict,
            outcome=Outcome.FAILED,
            finding=found.finding,
            fateful=found.fateful,
            trace=trace,
        )
    finding = None
    if failure.ending is Ending.STUCK:
        assert failure.task is not None
        reason = failure.message or (
            f"{failure.task.name} did not come back: it runs code that never returns, or it waits"
            " for something outside what is modelled"
        )
        finding = Stuck(reason)
    elif failure.ending is Ending.NONDETERMINISM:
        reason = (
            "the program is not deterministic: an execution departed from the schedule that it"
            f" was to repeat; {_NONDETERMINISM}"
        )
    else:
        error = _describe(failure.error)
        where = frames_of(failure.error) if failure.error is not None else ()
        place = f" at {where[0].place}" if where else ""
        reason = failure.message or "setup raised"
        if error:
            reason += f"{':' if failure.message else ''} {error}{place}"
    return replace(verdict, outcome=Outcome.INVALID, reason=reason, finding=finding)


def describe_failure(
    failure: Failure, scenario: Scenario, recorder: Recorder | None = None
) -> Failing | None:
    """A failure as plain data; None when it is the harness that could not judge."""
    if failure.ending in INVALID:
        return None
    symptom = _SYMPTOMS.get(failure.ending)
    task, lock = failure.task, failure.lock
    if failure.blockage is not None:
        symptom = _BLOCKED[failure.blockage]
        if symptom is Symptom.ORPHAN:
            wait = failure.waits[0]
            task = wait.holder
            lock = wait.target if isinstance(wait.target, Lockable) else None
    assert symptom is not None
    predicate = getattr(scenario, failure.predicate) if failure.predicate else None
    name = ""
    if lock is not None:
        name = recorder.name_of(lock.handle) if recorder is not None else "a lock"
    frames = recorder.stopped_at if recorder is not None else ()
    return Failing(
        symptom,
        task.index if task is not None and task.index >= 0 else None,
        failure.predicate,
        source_of(predicate) if predicate is not None else "",
        recorder.comparison if recorder is not None else None,
        _describe(failure.error),
        frames_of(failure.error) if failure.error is not None else frames,
        name,
        (lock.taken or ()) if lock is not None else (),
    )


def _describe(error: BaseException | None) -> str:
    if error is None:
        return ""
    text = str(error)
    return f"{type(error).__name__}: {text}" if text else type(error).__name__
