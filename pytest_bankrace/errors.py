"""Which errors are a user's to mend?"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pytest_bankrace.verdict import Verdict


class UsageError(Exception):
    """A call, option or file is wrong: the message says what, where, and what to do."""


class SubmissionError(UsageError):
    """A student's file can't be used: it is missing or broken."""


class MissingNameError(SubmissionError, AttributeError):
    """A student's file has no function or class of the name that a test asks for."""


class RaceFailure(AssertionError):
    """A race failed: `verdict` tells all, and the message is the report."""

    def __init__(self, verdict: Verdict, report: str) -> None:
        super().__init__(report)
        self.verdict = verdict
