"""What does pytest's own output say of races? The failures, and the summary at the end."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from _pytest._code.code import ReprEntryNative, ReprExceptionInfo, ReprFileLocation, ReprTraceback

from pytest_bankrace.errors import RaceFailure, UsageError


def as_report(
    item: pytest.Item, excinfo: pytest.ExceptionInfo[BaseException], report: pytest.TestReport
) -> None:
    """Show a race's report, or a user's mistake, by itself: our frames help nobody.

    The shape is pytest's own, so that xdist, JUnit XML and other reporters take it.
    """
    error = excinfo.value
    if not isinstance(error, RaceFailure | UsageError):
        return
    text = str(error)
    path, line, _ = item.location
    headline = text.splitlines()[0] if text else ""
    if isinstance(error, RaceFailure) and (finding := error.verdict.finding) is not None:
        headline = f"{finding.name}: {finding.what}"
    report.longrepr = ReprExceptionInfo(
        reprcrash=ReprFileLocation(path, (line or 0) + 1, headline),
        reprtraceback=ReprTraceback([ReprEntryNative([text + "\n"])], None, style="native"),
    )


def _races(reporter: pytest.TerminalReporter) -> Iterator[tuple[str, dict[str, Any]]]:
    for kind in ("passed", "failed", "xfailed", "xpassed"):
        for report in reporter.stats.get(kind, ()):
            for name, found in getattr(report, "user_properties", ()):
                if name == "bankrace" and getattr(report, "when", "") == "call":
                    yield report.nodeid, found


def summarize(reporter: pytest.TerminalReporter) -> None:
    """What was covered, race by race; then the cost of safety, where it was measured."""
    races = list(_races(reporter))
    if not races:
        return
    reporter.section("races", sep="-")
    for nodeid, found in races:
        if "told" in found:
            reporter.write_line(f"{_short(nodeid)}  {found['told']}  ({found['seconds']:.2f} s)")
            for note in found["notes"]:
                reporter.write_line(f"    {note}")
    measured = [(nodeid, found) for nodeid, found in races if "safe" in found]
    if measured:
        reporter.write_line("")
        reporter.write_line("the cost of safety, on real threads:")
        reporter.write_line(
            f"{'safe':>12} {'unguarded':>12} {'ratio':>6}   {'broke':>11}  {'unguarded broke':>15}"
        )
        for nodeid, found in measured:
            repetitions, broke, each = found["safe"]
            bare = found.get("unguarded")
            left = f"{each * 1e3:9.2f} ms" + (f" {bare[2] * 1e3:9.2f} ms" if bare else " " * 13)
            ratio = f"{each / bare[2]:6.2f}" if bare and bare[2] else " " * 6
            counts = f"{broke:>4} of {repetitions:<4}" + (
                f"  {bare[1]:>8} of {bare[0]:<4}" if bare else ""
            )
            reporter.write_line(f"{left} {ratio}   {counts}  {_short(nodeid)}")


def _short(nodeid: str) -> str:
    """`02_transfer/test_transfer.py::test_x` is enough to know a test by."""
    return "/".join(nodeid.split("/")[-2:])
