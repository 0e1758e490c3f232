"""Are conditions, semaphores, events and barriers scheduled, proved and told as locks are?"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from pytest_bankrace import Outcome, Scenario, Submission, Verdict, explore, load_submission
from pytest_bankrace.explain.report import render
from pytest_bankrace.stress import stress

PROGRAM = """
import threading

class Till:
    def __init__(self):
        self.lock = threading.Lock()
        self.filled = threading.Condition(self.lock)
        self.slots = threading.Semaphore(1)
        self.two = threading.BoundedSemaphore(2)
        self.open = threading.Event()
        self.gate = threading.Barrier(2)
        self.notes = []
        self.total = 0
        self.seen = []

def put(till):
    with till.filled:
        till.notes.append(1)
        till.filled.notify()

def get(till):
    with till.filled:
        while not till.notes:
            till.filled.wait()
        till.notes.pop()

def get_once(till):
    with till.filled:
        if not till.notes:
            till.filled.wait()
        till.notes.pop()

def get_for(till):
    with till.filled:
        till.seen.append(till.filled.wait_for(lambda: bool(till.notes), timeout=3600))

def wait_timed(till):
    with till.filled:
        till.seen.append(till.filled.wait(1))

def look_then_wait(till):
    if not till.notes:
        with till.filled:
            till.filled.wait()

def notify(till):
    with till.filled:
        till.filled.notify()

def notify_bare(till):
    till.filled.notify()

def hold(till):
    with till.lock:
        till.total += 1

def slot(till):
    with till.slots:
        till.total += 1

def slot_of_two(till):
    with till.two:
        till.total += 1

def slot_in_time(till):
    till.seen.append(till.slots.acquire(timeout=1))

def give_two(till):
    till.slots.release(2)

def give_back_too_often(till):
    till.two.release()

def take_two(till):
    till.seen.append((till.slots.acquire(blocking=False), till.slots.acquire(blocking=False)))

def set_open(till):
    till.total = 5
    till.open.set()

def set_and_clear(till):
    till.open.set()
    till.open.clear()

def wait_open(till):
    till.seen.append(till.open.wait())

def ask_open(till):
    if till.open.is_set():
        assert till.total == 5

def meet(till):
    till.seen.append(till.gate.wait())

def meet_in_time(till):
    try:
        till.seen.append(till.gate.wait(1) >= 0)
    except threading.BrokenBarrierError:
        till.seen.append(None)

def ring(till):
    timer = threading.Timer(30, lambda: till.seen.append("rang"))
    timer.start()
    timer.cancel()
    timer.join()

BODIES = (
    put,
    get,
    get_once,
    get_for,
    wait_timed,
    look_then_wait,
    notify,
    notify_bare,
    hold,
    slot,
    slot_of_two,
    slot_in_time,
    give_two,
    give_back_too_often,
    take_two,
    set_open,
    set_and_clear,
    wait_open,
    ask_open,
    meet,
    meet_in_time,
    ring,
)

def run(till, name):
    for body in BODIES:
        if body.__name__ == name:
            body(till)
"""


@pytest.fixture
def till(tmp_path: Path) -> Submission:
    (tmp_path / "till.py").write_text(PROGRAM)
    return load_submission(tmp_path / "till.py")


def scenario(module: Submission, names: str, at_end: Any = None) -> Scenario:
    def body(name: str) -> Callable[[Any], object]:
        return lambda till: module.run(till, name)

    return Scenario(lambda: module.Till(), *[body(name) for name in names.split()], at_end=at_end)


def race(module: Submission, names: str, at_end: Any = None) -> Verdict:
    made = scenario(module, names, at_end)
    return explore(made, submissions=[module], seconds=20, data_races="ignore")


@pytest.mark.parametrize(
    ("names", "interleavings"),
    [
        ("put get", 2),
        ("put get put get", 48),
        ("slot slot slot", 6),
        ("meet meet", 4),
        ("set_open wait_open", 2),
        ("set_open ask_open", 2),
        ("slot_in_time slot_in_time", 4),
    ],
)
def test_each_interleaving_is_counted_once(
    till: Submission, names: str, interleavings: int
) -> None:
    verdict = race(till, names)
    assert verdict.outcome is Outcome.PROVED, str(verdict)
    assert verdict.interleavings == interleavings


def outcomes(module: Submission, names: str) -> set[Any]:
    """What `seen` can be at the end."""
    found: set[Any] = set()
    verdict = race(module, names, at_end=lambda till: found.add(tuple(till.seen)))
    assert verdict.outcome is Outcome.PROVED, str(verdict)
    return found


@pytest.mark.parametrize(
    ("names", "there_are"),
    [
        ("get_for put", {(True,), (False,)}),
        ("wait_timed notify", {(True,), (False,)}),
        # Expired before the notification, which is spent on it, and the other one waits in vain.
        ("wait_timed wait_timed notify", {(True, False), (False, True), (False, False)}),
        ("slot_in_time slot_in_time", {(True, False), (False, True)}),
        ("take_two give_two", {((True, False),), ((True, True),)}),
        ("wait_open set_open", {(True,)}),
        ("meet meet", {(0, 1), (1, 0)}),
        ("meet_in_time meet_in_time", {(True, True), (None, None), (None, True), (True, None)}),
        ("ring", {(), ("rang",)}),
    ],
)
def test_every_outcome_is_reached(till: Submission, names: str, there_are: set[Any]) -> None:
    assert outcomes(till, names) <= there_are
    if names != "meet_in_time meet_in_time":
        assert outcomes(till, names) == there_are


def test_who_was_woken_by_set_goes_on_though_it_was_cleared(till: Submission) -> None:
    """As in CPython; who comes after that waits for ever."""
    verdict = race(till, "wait_open set_and_clear")
    assert verdict.outcome is Outcome.FAILED
    assert verdict.finding is not None
    assert type(verdict.finding).__name__ == "LostWakeup"
    assert "waits for till.open to be set" in verdict.finding.what
    assert verdict.trace is not None
    cleared_first = [step.thread for step in verdict.trace.steps if step.call == "clear"]
    assert cleared_first


@pytest.mark.parametrize(
    ("names", "finding", "told"),
    [
        ("look_then_wait put", "LostWakeup", "for a notification that came before"),
        ("get_once get_once put put", "ThreadCrashed", "pop from empty list"),
        ("get put get", "Deadlock", "waits for till.filled to be notified"),
        ("slot slot give_back_too_often", "ThreadCrashed", "Semaphore released too many times"),
        ("notify_bare", "ThreadCrashed", "cannot notify on un-acquired lock"),
        ("notify_bare hold", "ThreadCrashed", "cannot notify on un-acquired lock"),
        ("meet", "Deadlock", "waits for till.gate to be full"),
        ("wait_open", "Deadlock", "waits for till.open to be set"),
    ],
)
def test_what_is_wrong_is_named(till: Submission, names: str, finding: str, told: str) -> None:
    verdict = race(till, names)
    assert type(verdict.finding).__name__ == finding, verdict
    text = render(verdict)
    assert told in " ".join(text.split()), text
    assert "threading.py" not in text
    assert " object at " not in text


def test_two_at_a_time_are_not_safe(till: Submission) -> None:
    verdict = race(till, "slot_of_two slot_of_two", at_end=lambda till: till.total == 2)
    assert type(verdict.finding).__name__ == "LostUpdate"


def test_a_race_of_two_is_seen_through_the_flag_of_an_event(till: Submission) -> None:
    made = scenario(till, "set_open ask_open")
    verdict = explore(made, submissions=[till])
    assert verdict.outcome is Outcome.PROVED, str(verdict)
    assert not any("_flag" in note for note in verdict.notes)


@pytest.mark.parametrize(
    "names", ["put get put get", "slot slot slot", "meet meet", "set_open wait_open", "ring"]
)
def test_on_real_threads(till: Submission, names: str) -> None:
    found = stress(scenario(till, names), repetitions=5)
    assert found.verdict.outcome is Outcome.SURVIVED, found.verdict


@pytest.mark.parametrize("names", ["get", "meet", "wait_open"])
def test_on_real_threads_who_waits_for_ever_is_told(till: Submission, names: str) -> None:
    found = stress(scenario(till, names), repetitions=1)
    assert type(found.verdict.finding).__name__ == "Deadlock", found.verdict


def test_a_condition_is_refused_in_a_predicate(till: Submission) -> None:
    def waits(state: Any) -> None:
        with state.filled:
            state.filled.wait()

    verdict = race(till, "hold", at_end=waits)
    assert verdict.outcome is Outcome.INVALID
    assert "a predicate waits on a condition" in verdict.reason
