"""Which step of a schedule is not the same each time, and on what may that depend?

The schedule is run again and again, and recorded; the first step at which two records differ is
told by its lines. While they run, every call into C is looked at: the clocks, the sources of chance
and the process's own numbers are known by name.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import zip_longest
from types import FrameType
from typing import Any

from pytest_bankrace.runtime.execution import Execution
from pytest_bankrace.runtime.frames import frame_at, their_frame_of
from pytest_bankrace.runtime.recorder import Recorder
from pytest_bankrace.verdict import Step, Trace

RUNS = 6

_TIME = "the time of day"
_CHANCE = "real chance"
_SOURCES = {
    **{("time", name): _TIME for name in ("time", "time_ns", "monotonic", "perf_counter")},
    **{("datetime", name): _TIME for name in ("now", "utcnow", "today")},
    ("posix", "urandom"): _CHANCE,
    ("nt", "urandom"): _CHANCE,
    ("_random", "random"): _CHANCE,
    ("_random", "getrandbits"): _CHANCE,
    ("posix", "getpid"): "the process's number",
}
_GUESS = "does it depend on the time, the environment, the order of a set, or an earlier run?"

Record = Callable[[Sequence[int], Any], tuple[Recorder, Execution]]
"""Runs a schedule and records it, with a profile function in the scenario's threads."""


def departure(record: Record, threads: Sequence[int]) -> str:
    """A clause on the first step that two runs of a schedule do not share."""
    sources = _Sources()
    traces = [record(threads, sources)[0].trace() for _ in range(RUNS)]
    told = next((text for trace in traces[1:] if (text := _difference(traces[0], trace))), "")
    seen = "; ".join(sources.seen)
    if not told:
        told = f"run {RUNS} times more, it took the same steps each time"
    return f"{told}; {seen or _GUESS}"


def _difference(one: Trace, other: Trace) -> str:
    if one.omitted or other.omitted:
        return ""
    for number, (first, second) in enumerate(zip_longest(one.steps, other.steps), 1):
        if first is None or second is None or _what(first) != _what(second):
            step = first or second
            assert step is not None
            return (
                f"step {number}, by {one.threads[step.thread]}, {_told(first)} in one run and"
                f" {_told(second)} in another"
            )
    return ""


def _what(step: Step) -> tuple[Any, ...]:
    return step.thread, step.action, step.target, step.frame


def _told(step: Step | None) -> str:
    if step is None:
        return "was not there"
    at = f" at {step.frame.place}" if step.frame is not None else ""
    return f"{step.action} {step.target}{at}".replace("  ", " ")


class _Sources:
    """A profile function (see `sys.setprofile`) that notes what is not the same each time."""

    def __init__(self) -> None:
        self.seen: dict[str, None] = {}

    def __call__(self, frame: FrameType, event: str, argument: Any) -> None:
        if event != "c_call":
            return
        owner = getattr(argument, "__self__", None)
        module = argument.__module__ or getattr(
            owner if isinstance(owner, type) else type(owner), "__module__", ""
        )
        what = _SOURCES.get((module, argument.__name__))
        at = their_frame_of(frame) if what is not None else None
        if at is not None:
            line = frame_at(at.f_code.co_filename, at.f_lineno, at.f_code.co_qualname)
            self.seen[f"{line.place} asks for {what} ({argument.__name__})"] = None
