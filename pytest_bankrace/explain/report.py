"""What does a student read? The whole text for one verdict."""

from __future__ import annotations

from rich.text import Text

from pytest_bankrace.explain.text import fold, paint, plain
from pytest_bankrace.explain.timeline import timeline
from pytest_bankrace.verdict import Outcome, Verdict

_LABEL = 6
_INDENT = 2
_MOST_LINES = 6

_ADVICE = (
    (
        "not deterministic",
        "make each run do the same: no real time, no real randomness, no"
        " dependence on the order of a set, and nothing left over from the run before.",
    ),
    (
        "can't be scheduled: ",
        "make it in setup, or in the submission or the test, which have a `threading` that is"
        " scheduled; let files and the network be.",
    ),
    (
        "did not come back",
        "look for a loop that reaches no shared value, for input(), or for a"
        " call that waits for something outside the program.",
    ),
    (
        "before any thread has begun",
        "the condition must hold for what setup returns: correct setup, or the condition.",
    ),
    ("setup", "setup must return fresh state without an error: call it by itself to see."),
    ("", "this says nothing about the locking yet, neither good nor bad."),
)


def render(
    verdict: Verdict,
    *,
    command: str = "",
    width: int = 80,
    ascii: bool = False,
    color: bool = False,
) -> str:
    """A verdict's report. `command` runs the failing schedule again.

    No line is wider than `width` but the command's, which is to be copied whole. Without
    `color` there are no escape sequences; with `ascii`, our own signs are ASCII.
    """
    if verdict.outcome in (Outcome.PROVED, Outcome.SURVIVED):
        return plain("\n".join((str(verdict), *verdict.notes)), ascii=ascii)
    lines = _head(verdict, width, ascii)
    shown = ""
    if verdict.trace is not None and verdict.outcome is Outcome.FAILED:
        shown = timeline(
            verdict.trace, fateful=verdict.fateful, width=width - _INDENT, ascii=ascii, color=color
        )
    parts = [paint(lines, width, color)]
    if shown:
        parts.append("\n".join(f"{' ' * _INDENT}{line}".rstrip() for line in shown.split("\n")))
    parts.append(_tail(verdict, command, width, ascii, color))
    return "\n\n".join(parts)


def _head(verdict: Verdict, width: int, ascii: bool) -> list[Text]:
    if verdict.outcome is Outcome.INVALID:
        headline = f"Not judged: {verdict.reason or 'no verdict was reached'}."
    elif verdict.finding is not None:
        headline = f"{verdict.finding.name}: {verdict.finding.what}"
    else:
        headline = "Failed, and nothing more is known."
    headline = headline.removesuffix(".") + "."
    return [Text(line, "bold red") for line in fold(plain(headline, ascii=ascii), width)]


def _tail(verdict: Verdict, command: str, width: int, ascii: bool, color: bool) -> str:
    finding = verdict.finding
    told = [("Code" if number == 0 else "", line) for number, line in enumerate(_code(verdict))]
    if verdict.outcome is Outcome.INVALID:
        told.append(("Do", _advice(verdict.reason)))
    elif finding is not None:
        told += [("Why", finding.why), ("Look", finding.look)]
    told += [("Note", note) for note in verdict.notes]
    lines: list[Text] = []
    for label, text in told:
        for number, piece in enumerate(fold(plain(text, ascii=ascii), width - _LABEL)):
            line = Text()
            line.append(f"{label if number == 0 else '':<{_LABEL}}", "bold")
            lines.append(line.append(piece))
    whole = [paint(lines, width, color)] if lines else []
    if command:
        again = Text().append(f"{'Again':<{_LABEL}}", "bold").append(plain(command, ascii=ascii))
        whole.append(paint([again], _LABEL + len(command) * 2, color))
    facts = [Text(piece, "dim") for piece in fold(_facts(verdict), width)]
    whole.append(paint(facts, width, color))
    return "\n".join(whole)


def _code(verdict: Verdict) -> list[str]:
    """The text of the lines that the fateful steps stand on."""
    if verdict.trace is None:
        return []
    steps = verdict.trace.steps
    frames = [steps[i].frame for i in sorted(verdict.fateful) if 0 <= i < len(steps)]
    frames += [wait.frames[0] for wait in verdict.trace.waiting if wait.frames]
    lines = {f.place: f.source for f in frames if f is not None and f.source}
    width = max((len(place) for place in lines), default=0)
    return [f"{place:<{width}}  {source}" for place, source in lines.items()][:_MOST_LINES]


def _facts(verdict: Verdict) -> str:
    """`(schedule 2, 1 switch; seed 0)`."""
    facts = f"schedule {verdict.schedules:,}"
    if verdict.replay:
        found, count = verdict.switches
        shrunk = f"shrunk from {found} to " if count < found else ""
        facts += f", {shrunk}{count} switch{'es' if count != 1 else ''}"
    return f"({facts}; seed {verdict.seed})"


def _advice(reason: str) -> str:
    return next(advice for clue, advice in _ADVICE if clue in reason)
