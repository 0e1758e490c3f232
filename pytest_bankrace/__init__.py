"""Race-detection exercises on a bank: the public names, and nothing else.

They are imported when first asked for: the plugin is part of every pytest run, raced or not.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pytest_bankrace.errors import RaceFailure, SubmissionError, UsageError
    from pytest_bankrace.exploration import explore
    from pytest_bankrace.scenario import Scenario
    from pytest_bankrace.stress import Stress, stress
    from pytest_bankrace.submission.loader import Submission, load_submission
    from pytest_bankrace.verdict import (
        DataRace,
        Deadlock,
        Finding,
        InvariantViolated,
        Livelock,
        LostUpdate,
        LostWakeup,
        OrphanedLock,
        Outcome,
        SelfDeadlock,
        StaleCheck,
        Stuck,
        ThreadCrashed,
        TornRead,
        Trace,
        Verdict,
    )

__all__ = [
    "DataRace",
    "Deadlock",
    "Finding",
    "InvariantViolated",
    "Livelock",
    "LostUpdate",
    "LostWakeup",
    "OrphanedLock",
    "Outcome",
    "RaceFailure",
    "Scenario",
    "SelfDeadlock",
    "StaleCheck",
    "Stress",
    "Stuck",
    "Submission",
    "SubmissionError",
    "ThreadCrashed",
    "TornRead",
    "Trace",
    "UsageError",
    "Verdict",
    "explore",
    "load_submission",
    "stress",
]

_ELSEWHERE = {
    "RaceFailure": "errors",
    "Scenario": "scenario",
    "Stress": "stress",
    "Submission": "submission.loader",
    "SubmissionError": "errors",
    "UsageError": "errors",
    "explore": "exploration",
    "load_submission": "submission.loader",
    "stress": "stress",
}


def __getattr__(name: str) -> Any:
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    module = import_module(f"{__name__}.{_ELSEWHERE.get(name, 'verdict')}")
    value = globals()[name] = getattr(module, name)
    return value
