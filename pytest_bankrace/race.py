"""What does the `race` fixture do?"""

from __future__ import annotations

import os
import shlex
import sys
from collections.abc import Callable
from dataclasses import dataclass, field, fields
from types import FrameType
from typing import Any

import pytest
from _pytest.debugging import pytestPDB

from pytest_bankrace.errors import RaceFailure, UsageError
from pytest_bankrace.explain.report import render
from pytest_bankrace.exploration import explore
from pytest_bankrace.progress import Progress, progress_for
from pytest_bankrace.replay_token import read
from pytest_bankrace.runtime.recorder import Debugger
from pytest_bankrace.scenario import Budget, Predicate, Scenario
from pytest_bankrace.stress import Stress, stress
from pytest_bankrace.submission.loader import Submission
from pytest_bankrace.unordered import DataRaces
from pytest_bankrace.verdict import Outcome, Verdict

Property = tuple[str, dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Settings:
    """What the command line, the ini file and the test's place say of a race."""

    mode: str = "explore"
    budget: dict[str, Any] = field(default_factory=dict)
    submissions: tuple[Submission, ...] = ()
    unguarded: Submission | None = None
    """The exercise's stub, where it is another file than the submission."""
    replay: str = ""
    """The token of the one schedule that is to be run."""
    test: str = ""
    """The test that tokens belong to."""
    debugger: Debugger | None = None
    """Wanted at the last step of a replayed schedule."""
    progress: Progress | None = None
    command: str = ""
    """How to run the test again."""
    width: int = 80
    ascii: bool = False
    properties: list[Property] = field(default_factory=list)

    @classmethod
    def of(cls, request: pytest.FixtureRequest, options: dict[str, Any]) -> Settings:
        """The settings for the test that asks."""
        item, config = request.node, request.config
        callspec = getattr(item, "callspec", None)
        repetition = callspec.params.get("__pytest_repeat_step_number") if callspec else None
        seed = options["seed"] + 1_000 * (repetition or 0)
        submissions: tuple[Submission, ...] = ()
        unguarded = None
        if "submission" in item.fixturenames:
            submissions = (request.getfixturevalue("submission"),)
            if options["answers"]:
                from pytest_bankrace.submission.locate import submission_of

                unguarded = submission_of(item, None)
        here = config.invocation_params.dir
        test = str(item.nodeid).partition("::")[2]
        words = ["pytest", f"{os.path.relpath(item.path, here)}::{test}"]
        if options["answers"]:
            words += ["--bankrace-answers", os.path.relpath(options["answers"], here)]
        if options["seed"]:
            words += ["--bankrace-seed", str(options["seed"])]
        if repetition is not None:
            words += ["--count", str(config.getoption("count"))]
        writer = config.get_terminal_writer()
        encoding = getattr(writer._file, "encoding", None) or "ascii"
        return cls(
            options["mode"],
            {"schedules": options["schedules"], "seconds": options["seconds"], "seed": seed},
            submissions,
            unguarded,
            options["replay"],
            f"{item.path.parent.name}/{item.path.name}::{test}",
            _debug if config.getoption("usepdb", False) else None,
            progress_for(config, options["on_terminal"]),
            " ".join(shlex.quote(word) if " " in word else word for word in words),
            max(80, min(writer.fullwidth, 160)),
            not encoding.lower().startswith("utf"),
            item.user_properties,
        )


class Race:
    """Runs a scenario under every thread interleaving that matters."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._races = 0
        self._token = read(settings.replay) if settings.replay else None

    def __call__(
        self,
        setup: Callable[[], Any],
        *threads: Callable[..., object],
        always: Predicate | None = None,
        at_end: Predicate | None = None,
        data_races: DataRaces = "report",
        **budget: Any,
    ) -> Verdict:
        """Explore a scenario (see `Scenario`), and return the verdict.

        `data_races` says what becomes of accesses that no lock, start or join puts in order:
        "report" notes them with a pass, "forbid" fails it, "ignore" says nothing.
        `budget` takes `schedules`, `seconds`, `seed` and `steps`; they precede the options.
        Raises RaceFailure when an interleaving fails or none can be judged, UsageError for a
        call that makes no sense.
        """
        __tracebackhide__ = True
        known = {f.name for f in fields(Budget)}
        if unknown := sorted(set(budget) - known):
            raise UsageError(
                f"race() has no argument {unknown[0]!r}; it takes always, at_end, data_races,"
                f" {', '.join(sorted(known))}."
            )
        scenario = Scenario(setup, *threads, always=always, at_end=at_end)
        settings = self._settings
        verdict = None
        if settings.mode != "stress" or self._token is not None:
            verdict = self._tell(self._explore(scenario, {**settings.budget, **budget}, data_races))
        if settings.mode != "explore" and self._token is None:
            stressed = self._stress(scenario)
            verdict = verdict or stressed.verdict
        assert verdict is not None
        return verdict

    def _explore(
        self, scenario: Scenario, budget: dict[str, Any], data_races: DataRaces
    ) -> Verdict:
        __tracebackhide__ = True
        settings, token = self._settings, self._token
        self._races += 1
        if (
            token is not None
            and token.race != self._races
            and token.belongs_to(settings.test, token.race)
        ):
            reason = f"not run, since the replay token is of the test's race {token.race}"
            return Verdict(Outcome.SURVIVED, 0, 0.0, budget["seed"], reason=reason)
        try:
            return explore(
                scenario,
                **budget,
                submissions=settings.submissions,
                data_races=data_races,
                replay=settings.replay,
                test=settings.test,
                race=self._races,
                debugger=settings.debugger,
                progress=settings.progress.show if settings.progress is not None else None,
            )
        finally:
            if settings.progress is not None:
                settings.progress.end()

    def end(self) -> None:
        """The test is over. Raises UsageError if it did not come to the race to be replayed."""
        token = self._token
        if token is not None and self._races < token.race:
            raise UsageError(
                f"nothing was replayed: the replay token {token.text} is of the test's race"
                f" {token.race}, and the test came to {self._races} only."
            )

    def stress(
        self,
        setup: Callable[[], Any],
        *threads: Callable[..., object],
        always: Predicate | None = None,
        at_end: Predicate | None = None,
        repetitions: int = 20,
        copies: int = 1,
    ) -> Stress:
        """Run the scenario on real threads, as the operating system schedules them.

        Each of `repetitions` runs has `copies` threads of each body. It takes the time and shows
        real contention; it can miss a race, and never proves anything. Raises as `race` does.
        """
        __tracebackhide__ = True
        scenario = Scenario(setup, *threads, always=always, at_end=at_end)
        return self._stress(scenario, repetitions=repetitions, copies=copies)

    def _stress(self, scenario: Scenario, **how: int) -> Stress:
        __tracebackhide__ = True
        settings = self._settings
        found = stress(
            scenario,
            seed=settings.budget.get("seed", 0),
            submissions=settings.submissions,
            unguarded=settings.unguarded,
            **how,
        )
        settings.properties.append(("bankrace", found.summary()))
        self._tell(found.verdict)
        return found

    def _tell(self, verdict: Verdict) -> Verdict:
        __tracebackhide__ = True
        settings = self._settings
        told = {
            "outcome": verdict.outcome.value,
            "finding": type(verdict.finding).__name__ if verdict.finding else "",
            "told": str(verdict),
            "seconds": round(verdict.seconds, 3),
            "notes": list(verdict.notes),
        }
        settings.properties.append(("bankrace", told))
        if verdict.outcome in (Outcome.FAILED, Outcome.INVALID):
            command = settings.command
            if verdict.replay:
                command = f"{command} --bankrace-replay {verdict.replay}"
            text = render(verdict, command=command, width=settings.width, ascii=settings.ascii)
            raise RaceFailure(verdict, text)
        return verdict


def _debug(frame: FrameType | None) -> None:
    """Let pytest's debugger stop at a frame, as `breakpoint()` there would, and step on from it."""
    debugger: Any = pytestPDB._init_pdb("set_trace", skip=["pytest_bankrace.*"])  # type: ignore[no-untyped-call]
    debugger.set_trace(frame)
    sys.settrace(None)  # the next lines are our own
    debugger.interaction(frame, None)
    if debugger.stoplineno >= 0:  # anything but `continue`
        sys.settrace(debugger.trace_dispatch)
