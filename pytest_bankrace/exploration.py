"""How does a scenario become a verdict?

Executions are run, each by the schedule that a strategy picks, until one fails, until every
interleaving is covered, or until the budget is spent. A failing schedule is run once more and
recorded; the diagnosis is made from the record.
"""

from __future__ import annotations

import io
import os
import sys
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from time import perf_counter
from typing import Any

from pytest_bankrace.errors import SubmissionError, UsageError
from pytest_bankrace.explain.diagnosis import diagnose
from pytest_bankrace.explain.predicate import compare, source_of
from pytest_bankrace.runtime.controlled import Controlled
from pytest_bankrace.runtime.execution import INVALID, Ending, Execution, Failure
from pytest_bankrace.runtime.frames import frames_of
from pytest_bankrace.runtime.recorder import Recorder
from pytest_bankrace.runtime.session import Patience
from pytest_bankrace.runtime.unseen import Inspector
from pytest_bankrace.runtime.waits import Blockage, Lockable
from pytest_bankrace.runtime.workers import pool
from pytest_bankrace.scenario import Budget, Scenario
from pytest_bankrace.strategy.portfolio import Portfolio
from pytest_bankrace.strategy.protocol import Strategy
from pytest_bankrace.strategy.replay import Replay
from pytest_bankrace.submission.loader import Submission, explain_call, instrumented
from pytest_bankrace.verdict import Failing, Outcome, Stuck, Symptom, Trace, Verdict

AT_LEAST = 500
PATIENT = 5
"""A budget's seconds count this many times until this many schedules are run: on a busy machine
the same bugs are to be found as on an idle one."""
SLOW = 200e-6
"""Seconds for one operation: slower, and the CPU that the run is pinned to is somebody else's."""
_LOOKS = (10, 50, 200)
"""Schedules after which it is looked whether that is so."""
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
    submissions: Iterable[Submission] = (),
) -> Verdict:
    """Run a scenario under one schedule after another, and say what was found.

    The threads' code must come from `load_submission`, or from a test module that pytest loaded:
    only there are shared accesses seen. Where other code runs, the verdict is never PROVED.

    `strategy` replaces the portfolio; `submissions` are the student's files, for the names of
    their module-level data in reports. Raises UsageError for a call that makes no sense and for
    a submission that can't be used.
    """
    budget = Budget(schedules=schedules, seconds=seconds, seed=seed, steps=steps)
    if not isinstance(scenario, Scenario):
        raise UsageError(f"explore() takes a Scenario, not {scenario!r}.")
    with one_at_a_time():
        return _Exploration(scenario, budget, strategy, list(submissions)).verdict()


class _Exploration:
    def __init__(
        self,
        scenario: Scenario,
        budget: Budget,
        strategy: Strategy | None,
        submissions: list[Submission],
    ) -> None:
        self._scenario = scenario
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
        recorder, again = self._record(execution)
        if again is None or again.ending is not failure.ending:
            ending = again.ending.value if again else "it ran to its end"
            return self._make(
                Outcome.INVALID,
                reason=f"the program is not deterministic: a schedule that failed"
                f" ({failure.ending.value}) went another way when it was run again ({ending});"
                f" {_NONDETERMINISM}",
            )
        failing = describe_failure(again, self._scenario, recorder)
        return judge(recorder.trace(), failing, again, self._make(Outcome.FAILED))

    def _record(self, execution: Execution) -> tuple[Recorder, Failure | None]:
        threads, patience = (
            execution.threads,
            Patience(steps=sys.maxsize, spin=sys.maxsize, row=sys.maxsize),
        )
        assert execution.failure is not None
        if execution.failure.ending is Ending.ENDLESS:
            if execution.failure.since is not None:
                threads = threads[: execution.failure.since + _ENDLESS_SHOWN]
            patience = Patience(
                steps=len(threads),
                endless=execution.failure.since is not None,
                spin=sys.maxsize,
                row=sys.maxsize,
            )
        recorder = Recorder(self._scenario, patience, self._budget.seed, self._globals, compare)
        return recorder, recorder.run(Replay(threads)).failure

    def _globals(self) -> list[dict[str, Any]]:
        return [vars(module) for sub in self._submissions for module in sub.modules()]

    def _make(self, outcome: Outcome, **found: Any) -> Verdict:
        seconds = perf_counter() - self._started
        return Verdict(outcome, self._schedules, seconds, self._budget.seed, **found)


_NONDETERMINISM = "does it depend on the time, the environment or the order of a set?"


def refuse_misuse(failure: Failure, submissions: list[Submission]) -> None:
    """Raise the UsageError that a failure really is: a broken file, a call that does not fit."""
    if isinstance(failure.error, UsageError):
        raise failure.error
    if failure.error is not None and (sentence := explain_call(failure.error, submissions)):
        raise SubmissionError(sentence) from failure.error


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


_running = threading.Lock()


@contextmanager
def one_at_a_time() -> Iterator[None]:
    """Refuse a race within another one, or beside it in another thread."""
    if not _running.acquire(blocking=False):
        raise UsageError(
            "a race is run inside another one, or beside it: call `race` from the test itself."
        )
    try:
        yield
    finally:
        _running.release()


@contextmanager
def silenced() -> Iterator[None]:
    """Keep what a student prints out of the output: ten thousand schedules say it as often.

    The one schedule that is recorded for a report prints as usual.
    """
    out, err = sys.stdout, sys.stderr
    sys.stdout = sys.stderr = _Nowhere()
    try:
        yield
    finally:
        sys.stdout, sys.stderr = out, err


class _Nowhere(io.TextIOBase):
    def write(self, text: str) -> int:
        return len(text)

    def writable(self) -> bool:
        return True
