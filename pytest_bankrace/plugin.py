"""How does pytest reach us? Options, markers, fixtures, header, reports and summary.

Everything else is imported when a test first asks for it, so that a run which has no race in it
pays for this file alone.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Generator, Iterator
from fnmatch import fnmatch
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from pytest_bankrace.race import Race
    from pytest_bankrace.submission.loader import Submission

LAST_RESORT_SECONDS = 60
"""The pytest-timeout of a test that uses `race` or `submission` and has none."""

_OPTIONS: tuple[tuple[str, type, Any, str, str], ...] = (
    (
        "answers",
        str,
        "",
        "DIR",
        "judge the files in DIR/EXERCISE/ instead of those beside the tests",
    ),
    ("mode", str, "explore", "MODE", "explore the schedules, stress real threads, or both"),
    ("schedules", int, 10_000, "N", "schedules at most for each race"),
    ("seconds", float, 2.0, "S", "seconds at most for each race"),
    ("seed", int, 0, "N", "seed of every random choice: the same seed, the same verdict"),
    ("replay", str, "", "TOKEN", "run the one schedule of a failing race's token again"),
)
MODES = ("explore", "stress", "both")


def pytest_addoption(parser: pytest.Parser) -> None:
    group = parser.getgroup("bankrace", "races (pytest-bankrace)")
    for name, kind, default, metavar, text in _OPTIONS:
        shown = f"; default {default}" if default != "" else ""
        group.addoption(
            f"--bankrace-{name}",
            type=kind,
            default=None,
            metavar=metavar,
            choices=MODES if name == "mode" else None,
            help=f"{text} (ini: bankrace_{name}{shown})",
        )
        parser.addini(f"bankrace_{name}", f"{text}{shown}")


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line(
        "markers", "submission(name): the student's file for this test, instead of bank.py"
    )
    config.addinivalue_line("markers", "points(n): what this test is worth when it is graded")
    settings = {name: _setting(config, name, kind) for name, kind, *_ in _OPTIONS}
    settings["on_terminal"] = os.isatty(1)  # captured while a test runs, and not yet
    config.stash[_SETTINGS] = settings
    # Ahead of pytest's own hook, to instrument what that one has rewritten; it loads nothing.
    sys.meta_path.insert(0, finder := _Finder(config))
    config.add_cleanup(lambda: sys.meta_path.remove(finder))


_SETTINGS: pytest.StashKey[dict[str, Any]] = pytest.StashKey()


def _setting(config: pytest.Config, name: str, kind: type) -> Any:
    """An option's value: from the command line, or else from the ini file, or else the default."""
    default = next(option[2] for option in _OPTIONS if option[0] == name)
    value, where = config.getoption(f"--bankrace-{name}"), f"--bankrace-{name}"
    if value is None:
        where = f"bankrace_{name} in {config.inipath}"
        text = str(config.getini(f"bankrace_{name}") or "").strip()
        if not text:
            return default
        try:
            value = kind(text)
        except ValueError:
            raise pytest.UsageError(f"{where}: {text!r} is not a number.") from None
    if name == "mode" and value not in MODES:
        raise pytest.UsageError(f"{where}: {value!r} must be one of {', '.join(MODES)}.")
    least = {"schedules": 1, "seconds": 0, "seed": 0}.get(name)
    if least is not None and not value >= least:
        raise pytest.UsageError(f"{where}: {value} must be at least {least}.")
    if name == "answers" and value:
        folder = config.invocation_params.dir / value
        if not folder.is_dir():
            raise pytest.UsageError(f"{where}: there is no folder {folder}.")
        return folder
    return value


class _Finder:
    """Finds test modules that mention `race`, so that their own accesses are seen as well."""

    def __init__(self, config: pytest.Config) -> None:
        self._config = config
        self._patterns = [pattern.rpartition("/")[2] for pattern in config.getini("python_files")]

    def _named_as_test(self, file: str) -> bool:
        return any(fnmatch(file, pattern) for pattern in self._patterns)

    def find_spec(self, name: str, path: Any = None, target: Any = None) -> Any:
        file = f"{name.rpartition('.')[2]}.py"
        if name.startswith("pytest_bankrace.") or not self._named_as_test(file):
            return None
        from pytest_bankrace.submission.testmodules import find_spec

        return find_spec(self._config, self, name, path, target)


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Give a last resort to tests that race: pytest-timeout, unless they have one."""
    if not config.pluginmanager.hasplugin("timeout"):
        return
    if config.getoption("timeout", None) or config.getini("timeout"):
        return
    for item in items:
        races = {"race", "submission"} & set(getattr(item, "fixturenames", ()))
        if races and item.get_closest_marker("timeout") is None:
            item.add_marker(pytest.mark.timeout(LAST_RESORT_SECONDS))


@pytest.fixture
def submission(request: pytest.FixtureRequest) -> Submission:
    """The student's module: `bank.py` beside the test, fresh for every execution."""
    from pytest_bankrace.submission.locate import submission_of

    return submission_of(request.node, request.config.stash[_SETTINGS]["answers"])


@pytest.fixture
def race(request: pytest.FixtureRequest) -> Iterator[Race]:
    """Runs a scenario under every thread interleaving that matters; see `race.Race`."""
    from pytest_bankrace.race import Race, Settings

    race = Race(Settings.of(request, request.config.stash[_SETTINGS]))
    yield race
    race.end()


@pytest.hookimpl(wrapper=True)
def pytest_pyfunc_call(pyfuncitem: pytest.Function) -> Generator[None, Any, Any]:
    """A call that the student's function does not take is told as such."""
    __tracebackhide__ = True
    try:
        return (yield)
    except TypeError as error:
        submission: Any = pyfuncitem.funcargs.get("submission")
        if submission is not None:
            from pytest_bankrace.errors import SubmissionError
            from pytest_bankrace.submission.loader import explain_call

            if sentence := explain_call(error, [submission]):
                raise SubmissionError(sentence) from None
        raise


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    report = yield
    if call.excinfo is not None and "pytest_bankrace.errors" in sys.modules:
        from pytest_bankrace.summary import as_report

        as_report(item, call.excinfo, report)
    return report


def pytest_report_header(config: pytest.Config) -> str:
    settings = config.stash[_SETTINGS]
    answers = f", answers {settings['answers']}" if settings["answers"] else ""
    return (
        f"bankrace: mode {settings['mode']}, {settings['schedules']} schedules and"
        f" {settings['seconds']:g} s per race, seed {settings['seed']}{answers}"
    )


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    if any(
        name == "bankrace"
        for reports in terminalreporter.stats.values()
        for report in reports
        for name, _ in getattr(report, "user_properties", ())
    ):
        from pytest_bankrace.summary import summarize

        summarize(terminalreporter)
