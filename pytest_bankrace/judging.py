"""What does a failing execution say, as plain data and as a verdict?"""

from __future__ import annotations

from dataclasses import replace

from pytest_bankrace.errors import SubmissionError, UsageError
from pytest_bankrace.explain.diagnosis import diagnose
from pytest_bankrace.explain.predicate import source_of
from pytest_bankrace.runtime.execution import INVALID, Ending, Failure
from pytest_bankrace.runtime.frames import frames_of
from pytest_bankrace.runtime.recorder import Recorder
from pytest_bankrace.runtime.waits import Blockage, Lockable
from pytest_bankrace.scenario import Scenario
from pytest_bankrace.submission.loader import Submission, explain_call
from pytest_bankrace.verdict import Failing, Outcome, Stuck, Symptom, Trace, Verdict

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
        failure.unasked,
        name,
        (lock.taken or ()) if lock is not None else (),
    )


def _describe(error: BaseException | None) -> str:
    if error is None:
        return ""
    text = str(error)
    return f"{type(error).__name__}: {text}" if text else type(error).__name__
