"""Are data races found where no order is, and lock orders where nothing keeps them apart?"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pytest_bankrace import Outcome, UsageError, Verdict, explore
from pytest_bankrace.explain.happens_before import HappensBefore
from pytest_bankrace.verdict import DataRace, Step, Trace
from tests.twins import scenario_of

HEAD = """
import threading

class Box:
    def __init__(self):
        self.value = 0
        self.ready = False
        self.lock = threading.Lock()
        self.other = threading.RLock()
        self.third = threading.Lock()
        self.done = 0

def setup():
    return Box()
"""

RACES = {
    "no lock": """
def one(box):
    box.value = 1
def two(box):
    box.value
threads = [one, two]
""",
    "a lock on one side": """
def one(box):
    with box.lock:
        box.value = 1
def two(box):
    box.value
threads = [one, two]
""",
    "two locks": """
def one(box):
    with box.lock:
        box.value = 1
def two(box):
    with box.other:
        box.value = 2
threads = [one, two]
""",
    "a try that failed": """
def one(box):
    with box.lock:
        box.value = 1
def two(box):
    if not box.lock.acquire(False):
        box.value = 2
    else:
        box.lock.release()
threads = [one, two]
""",
    "not joined": """
def setup():
    box = Box()
    thread = threading.Thread(target=lambda: setattr(box, "value", 1))
    thread.start()
    box.value
    thread.join()
threads = []
""",
    "a key and the whole": """
def setup():
    return {"a": 1}
def one(books):
    books["a"] = 2
def two(books):
    len(books)
threads = [one, two]
""",
    "in some schedules only": """
def one(box):
    box.value = 1
    with box.lock:
        box.ready = True
def two(box):
    with box.lock:
        pass
    box.value
threads = [one, two]
""",
}
ORDERED = {
    "one lock": """
def one(box):
    with box.lock:
        box.value = 1
def two(box):
    with box.lock:
        box.value
threads = [one, two]
""",
    "only reads": """
def one(box):
    box.value
threads = [one, one]
""",
    "one lock, taken twice": """
def one(box):
    with box.other:
        with box.other:
            box.value = 1
        box.value = 2
threads = [one, one]
""",
    "handed over by a lock": """
def one(box):
    box.value = 1
    with box.lock:
        box.ready = True
def two(box):
    with box.lock:
        ready = box.ready
    if ready:
        box.value
threads = [one, two]
""",
    "started and joined": """
def setup():
    box = Box()
    box.value = 1
    def add():
        box.value += 1
    thread = threading.Thread(target=add)
    thread.start()
    thread.join()
    box.value
    again = threading.Thread(target=add)
    again.start()
    again.join()
threads = []
""",
    "a try that succeeds": """
def one(box):
    if box.lock.acquire(False):
        box.value += 1
        box.lock.release()
threads = [one, one]
""",
    "setup starts a thread and joins it": """
def setup():
    box = Box()
    thread = threading.Thread(target=one, args=(box,))
    thread.start()
    thread.join()
    return box
def one(box):
    box.value += 1
threads = [one]
""",
    "a thread that setup started is joined": """
def setup():
    box = Box()
    box.value = 1
    box.thread = threading.Thread(target=one, args=(box,))
    box.thread.start()
    return box
def one(box):
    box.value += 1
def two(box):
    box.thread.join()
    box.value += 1
threads = [two]
""",
    "other keys": """
def setup():
    return {"a": 1, "b": 1}
def one(books):
    books["a"] = 2
def two(books):
    books["b"] = 2
threads = [one, two]
""",
}


def judged(folder: Path, text: str, **how: Any) -> Verdict:
    file = folder / "program.py"
    head = HEAD if "def setup" not in text else HEAD.partition("def setup")[0]
    file.write_text(head + text)
    scenario, module = scenario_of(file)
    return explore(scenario, submissions=[module], **how)


def passes(verdict: Verdict) -> bool:
    """Nothing fails, and all was covered."""
    return verdict.outcome is Outcome.PROVED


@pytest.mark.parametrize("name", RACES)
def test_a_race_is_noted_and_can_be_forbidden(name: str, tmp_path: Path) -> None:
    noted = judged(tmp_path, RACES[name])
    assert passes(noted), noted
    (note,) = [note for note in noted.notes if note.startswith("data race: ")]
    assert "with no order between them" in note
    assert note.count("program.py:") == 2
    quiet = judged(tmp_path, RACES[name], data_races="ignore")
    assert passes(quiet)
    assert not quiet.notes
    failed = judged(tmp_path, RACES[name], data_races="forbid")
    assert failed.outcome is Outcome.FAILED
    assert isinstance(failed.finding, DataRace)
    assert f"data race: {failed.finding.what}" == note
    again = judged(tmp_path, RACES[name], data_races="forbid", replay=failed.replay)
    assert (again.finding, again.trace) == (failed.finding, failed.trace)


@pytest.mark.parametrize("name", ORDERED)
def test_what_is_ordered_is_no_race(name: str, tmp_path: Path) -> None:
    for mode in ("report", "forbid"):
        verdict = judged(tmp_path, ORDERED[name], data_races=mode)
        assert passes(verdict), verdict
        assert not verdict.notes


def test_the_locks_that_were_held_are_told(tmp_path: Path) -> None:
    (note,) = judged(tmp_path, RACES["a lock on one side"]).notes
    assert "box.value is written at program.py:18 (box.lock held)" in note
    assert "read at program.py:20 (no lock held)" in note


@pytest.mark.parametrize("limit", ["unordered.KEPT_TO_FORBID", "runtime.recorder.KEPT_STEPS"])
def test_forbidding_costs_the_proof_where_not_all_was_looked_at(
    limit: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(f"pytest_bankrace.{limit}", 2)
    monkeypatch.setattr("pytest_bankrace.exploration._Exploration._unseen", lambda self: "")
    verdict = judged(
        tmp_path, ORDERED["a thread that setup started is joined"], data_races="forbid"
    )
    assert verdict.outcome is Outcome.SURVIVED
    assert "data races" in verdict.reason


def test_a_word_that_is_none_of_the_three_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match='must be "forbid", "report" or "ignore"'):
        judged(tmp_path, RACES["no lock"], data_races="forbidden")


# -- Lock orders

CIRCLES = {
    # The flag keeps the two orders apart in time; nothing in the locks does.
    "kept apart by data": """
def one(box):
    with box.lock, box.other:
        box.done = 1
def two(box):
    with box.third:
        done = box.done
    if done:
        with box.other, box.lock:
            pass
threads = [one, two]
""",
    "a ring of three, kept apart by data": """
def one(box):
    with box.lock, box.other:
        pass
    with box.third:
        box.done = 1
def two(box):
    with box.third:
        done = box.done
    if done == 1:
        with box.other, box.third:
            box.done = 2
def three(box):
    with box.third:
        if box.done == 2:
            with box.lock:
                pass
threads = [one, two, three]
""",
}
NO_CIRCLES = {
    "a gate": """
def one(box):
    with box.third, box.lock, box.other:
        pass
def two(box):
    with box.third, box.other, box.lock:
        pass
threads = [one, two]
""",
    "the same order": """
def one(box):
    with box.lock, box.other:
        pass
threads = [one, one]
""",
    "one thread alone": """
def one(box):
    with box.lock, box.other:
        pass
    with box.other, box.lock:
        pass
def two(box):
    with box.third:
        pass
threads = [one, two]
""",
    "taken again": """
def one(box):
    with box.other, box.lock, box.other:
        pass
def two(box):
    with box.other, box.lock:
        pass
threads = [one, two]
""",
    "one after the other": """
def setup():
    box = Box()
    def one():
        with box.lock, box.other:
            pass
    def two():
        with box.other, box.lock:
            pass
    for body in (one, two):
        thread = threading.Thread(target=body)
        thread.start()
        thread.join()
threads = []
""",
    "a try": """
def one(box):
    with box.lock, box.other:
        pass
def two(box):
    with box.other:
        if box.lock.acquire(False):
            box.lock.release()
threads = [one, two]
""",
}


@pytest.mark.parametrize("name", CIRCLES)
def test_locks_without_a_fixed_order_are_noted(name: str, tmp_path: Path) -> None:
    verdict = judged(tmp_path, CIRCLES[name])
    assert passes(verdict), verdict
    (note,) = [note for note in verdict.notes if note.startswith("lock order: ")]
    assert "one takes box.lock (program.py:17) and then box.other (program.py:17)" in note
    assert "two takes box.other" in note


AGAIN = """
def one(box):
    with box.lock, box.other:
        box.done = 1
def two(box):
    with box.third:
        done = box.done
    if done:
        with box.other, box.lock:
            pass
threads = [one, two, two]
"""


def test_a_circle_is_noted_once_and_as_what_it_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    spent = judged(tmp_path, AGAIN, schedules=5)
    (note,) = [note for note in spent.notes if note.startswith("lock order: ")]
    assert note.endswith("nothing rules it out")
    monkeypatch.setattr("pytest_bankrace.exploration._Exploration._unseen", lambda self: "")
    proved = judged(tmp_path, AGAIN)
    assert proved.outcome is Outcome.PROVED
    (note,) = [note for note in proved.notes if note.startswith("lock order: ")]
    assert note.endswith("deadlocks by it; with other threads or values, one may")


@pytest.mark.parametrize("name", NO_CIRCLES)
def test_what_can_not_deadlock_is_not_noted(name: str, tmp_path: Path) -> None:
    verdict = judged(tmp_path, NO_CIRCLES[name])
    assert passes(verdict), verdict
    assert not verdict.notes


# -- Against the plain definition


@st.composite
def traces(draw: st.DrawFn) -> Trace:
    """Reads, writes and critical sections of setup and then of three threads, as they may be."""
    steps: list[Step] = []
    holder: dict[int, int] = {}
    setup = draw(st.integers(0, 3))
    for count in range(draw(st.integers(2, 14))):
        thread = draw(st.integers(1, 3)) if count >= setup else 0
        place = draw(st.integers(0, 1))
        action = draw(st.sampled_from(("reads", "writes", "acquires", "releases")))
        if action == "acquires":
            if place in holder:
                continue
            holder[place] = thread
        elif action == "releases":
            if holder.get(place) != thread:
                continue
            del holder[place]
        location = (place + 2 * (action in ("acquires", "releases")), "*")
        steps.append(Step(thread, action, f"it{location[0]}", location, ()))
    return Trace(("main", "a", "b", "c"), tuple(steps))


def unordered(trace: Trace) -> set[tuple[int, int]]:
    """Conflicting accesses of two threads that no chain of order edges joins: by closure."""
    steps, count = trace.steps, len(trace.steps)
    before = [[False] * count for _ in range(count)]
    for j, later in enumerate(steps):
        for i, earlier in enumerate(steps[:j]):
            handed = (earlier.action, later.action) == ("releases", "acquires")
            same = earlier.location == later.location
            before[i][j] = earlier.thread in (0, later.thread) or (handed and same)
    for k in range(count):
        for i in range(count):
            for j in range(count):
                before[i][j] = before[i][j] or (before[i][k] and before[k][j])
    return {
        (i, j)
        for j, later in enumerate(steps)
        for i, earlier in enumerate(steps[:j])
        if earlier.location == later.location
        and {earlier.action, later.action} in ({"writes"}, {"reads", "writes"})
        and earlier.thread != later.thread
        and not before[i][j]
    }


@settings(max_examples=400, deadline=None)
@given(traces())
def test_vector_clocks_say_what_the_definition_says(trace: Trace) -> None:
    there = unordered(trace)
    found = {(race.first.number, race.second.number) for race in HappensBefore(trace).races}
    assert found <= there
    assert {j for _, j in found} == {j for _, j in there}
