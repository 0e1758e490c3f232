"""Does the whole report read as it is meant to?

The golden files are renewed with

    BANKRACE_RENEW_GOLDEN=1 pytest tests/explain/test_report.py

and what changed is then read in `git diff`.
"""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rich.cells import cell_len

from pytest_bankrace.explain.diagnosis import diagnose
from pytest_bankrace.explain.report import render
from pytest_bankrace.strategy.shrink import switches
from pytest_bankrace.verdict import Failing, Outcome, Symptom, Trace, Verdict
from tests.explain import builders
from tests.explain.builders import always, assertion, at_end, frame
from tests.explain.strategies import failings, traces

GOLDEN = Path(__file__).parent / "golden"
COMMAND = 'pytest "exercises/02_transfer/test_transfer.py::test_it" --bankrace-replay 1:0x3.1x4'


def verdict(trace: Trace, failing: Failing) -> Verdict:
    found = diagnose(trace, failing)
    count = switches([step.thread for step in trace.steps])
    return Verdict(
        Outcome.FAILED,
        2,
        0.01,
        0,
        finding=found.finding,
        trace=trace,
        replay="1:0x3.1x4:abcdefg",
        switches=(count, count),
        fateful=found.fateful,
    )


REPORTS = {
    "lost_update": (builders.lost_update(), at_end("140", "110"), {}),
    "lost_update_wide": (builders.lost_update(), at_end("140", "110"), {"width": 120}),
    "lost_update_ascii": (builders.lost_update(), at_end("140", "110"), {"ascii": True}),
    "lost_update_narrow": (builders.lost_update(), at_end("140", "110"), {"width": 50}),
    "one_sided_lock": (builders.lost_update(first_lock="bank.lock"), at_end("140", "110"), {}),
    "stale_check": (builders.overdraft(), always(), {}),
    "torn_read": (
        builders.torn_read(lock="bank.lock"),
        assertion(2, "AssertionError: assert 260 == 200"),
        {},
    ),
    "halfway": (
        builders.halfway(lock="bank.lock"),
        assertion(2, "AssertionError: assert (40 + 100) == 200\n +  where …"),
        {},
    ),
    "deadlock": (builders.deadlock(), Failing(Symptom.CYCLE), {}),
    "self_deadlock": (builders.self_deadlock(), Failing(Symptom.SELF, 1), {}),
    "orphaned_lock": (
        builders.orphan(),
        Failing(Symptom.ORPHAN, 1, lock="alice.lock", taken=(frame(12),)),
        {},
    ),
    "livelock": (builders.livelock(), Failing(Symptom.ENDLESS, 1, frames=(frame(24),)), {}),
    "crash": (
        builders.orphan(waiter=False),
        Failing(Symptom.CRASH, 1, error="InsufficientFunds: 100 < 160", frames=(frame(16),)),
        {},
    ),
}


def check_golden(name: str, text: str) -> None:
    path = GOLDEN / f"{name}.txt"
    if os.environ.get("BANKRACE_RENEW_GOLDEN"):
        path.write_text(text + "\n", encoding="utf-8")
    assert path.read_text(encoding="utf-8") == text + "\n"


@pytest.mark.parametrize("name", REPORTS)
def test_a_report_is_as_it_was(name: str) -> None:
    trace, failing, options = REPORTS[name]
    check_golden(name, render(verdict(trace, failing), command=COMMAND, **options))


def test_every_golden_file_has_its_report() -> None:
    assert {path.stem for path in GOLDEN.glob("*.txt")} == {*REPORTS, "invalid"}


def test_what_could_not_be_judged_says_what_to_do() -> None:
    reason = "the program is not deterministic: a schedule that failed went another way"
    check_golden("invalid", render(Verdict(Outcome.INVALID, 7, 0.1, 3, reason=reason)))


@pytest.mark.parametrize("reason", ["", "setup raised KeyError: 'x'", "teller 1 did not come back"])
def test_any_invalid_has_advice(reason: str) -> None:
    text = render(Verdict(Outcome.INVALID, 1, 0.1, 0, reason=reason))
    assert text.startswith("Not judged: ")
    assert "\nDo    " in text


def test_a_pass_is_one_line() -> None:
    passed = Verdict(Outcome.PROVED, 20, 0.1, 0, interleavings=20)
    assert render(passed) == "PROVED: all 20 interleavings"


def test_the_command_is_never_broken() -> None:
    text = render(verdict(builders.lost_update(), at_end()), command=COMMAND, width=40)
    assert f"Again {COMMAND}" in text.splitlines()


def test_colour_only_where_it_is_asked_for() -> None:
    shown = verdict(builders.lost_update(), at_end())
    assert "\x1b" not in render(shown)
    assert "\x1b[1;31mLost update" in render(shown, color=True)


def test_how_far_it_was_shrunk_is_told() -> None:
    shown = replace(verdict(builders.lost_update(), at_end()), switches=(7, 1))
    assert "shrunk from 7 to 1 switch;" in render(shown)


@settings(max_examples=100, deadline=None)
@given(traces(), failings(), st.integers(20, 130), st.booleans())
def test_any_failure_is_rendered_in_its_width(
    trace: Trace, failing: Failing, width: int, ascii: bool
) -> None:
    for line in render(verdict(trace, failing), width=width, ascii=ascii).split("\n"):
        assert cell_len(line) <= width
        assert line == line.rstrip()
