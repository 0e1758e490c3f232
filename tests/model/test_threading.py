"""Do the model's locks and threads behave as CPython's, in a run and outside one?"""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from pytest_bankrace import Outcome, Scenario, UsageError, explore, load_submission
from pytest_bankrace.model import threading as model
from pytest_bankrace.stress import stress

Check = Callable[[Any], None]

threading = sys.modules["threading"]  # by its name it would be the model's: this module races


def _fails(kind: type[BaseException], call: Callable[[], object]) -> None:
    try:
        call()
    except kind:
        return
    raise AssertionError(f"{kind.__name__} was to be raised")


def lock_is_taken_once(t: Any) -> None:
    lock = t.Lock()
    assert lock.acquire() is True
    assert lock.locked()
    assert lock.acquire(False) is False
    assert lock.acquire(timeout=0.01) is False
    assert lock.release() is None
    assert not lock.locked()


def lock_is_a_context(t: Any) -> None:
    lock = t.Lock()
    with lock as entered:
        assert entered is True
        assert lock.locked()
    assert not lock.locked()


def lock_releases_when_an_exception_leaves(t: Any) -> None:
    lock = t.Lock()

    def leave() -> None:
        with lock:
            raise KeyError

    _fails(KeyError, leave)
    assert not lock.locked()


def lock_refuses_what_makes_no_sense(t: Any) -> None:
    lock = t.Lock()
    _fails(RuntimeError, lock.release)
    _fails(ValueError, lambda: lock.acquire(False, 1))
    _fails(ValueError, lambda: lock.acquire(True, -2))
    _fails(OverflowError, lambda: lock.acquire(True, 1e100))
    _fails(TypeError, lambda: lock.acquire(True, "soon"))


def rlock_is_taken_again(t: Any) -> None:
    lock = t.RLock()
    with lock, lock:
        assert lock.acquire(False) is True
        lock.release()
    _fails(RuntimeError, lock.release)


def rlock_belongs_to_its_holder(t: Any) -> None:
    lock = t.RLock()
    lock.acquire()
    seen = []

    def other() -> None:
        seen.append(lock.acquire(False))
        _fails(RuntimeError, lock.release)

    thread = t.Thread(target=other)
    thread.start()
    thread.join()
    assert seen == [False]
    lock.release()


def lock_may_be_released_by_another(t: Any) -> None:
    lock = t.Lock()
    lock.acquire()
    thread = t.Thread(target=lock.release)
    thread.start()
    thread.join()
    assert lock.acquire(False) is True
    lock.release()


def thread_runs_and_ends(t: Any) -> None:
    seen = []
    thread = t.Thread(target=lambda *a, **k: seen.append((a, k)), args=(1,), kwargs={"b": 2})
    assert not thread.is_alive()
    assert thread.ident is None
    thread.start()
    thread.join()
    assert not thread.is_alive()
    assert thread.ident
    assert seen == [((1,), {"b": 2})]


def thread_can_be_subclassed(t: Any) -> None:
    class Teller(t.Thread):  # type: ignore[misc]
        def __init__(self) -> None:
            super().__init__(name="Ada", daemon=True)
            self.done = False

        def run(self) -> None:
            self.done = t.current_thread() is self

    teller = Teller()
    assert (teller.name, teller.daemon) == ("Ada", True)
    teller.start()
    teller.join()
    assert teller.done


def thread_refuses_what_makes_no_sense(t: Any) -> None:
    thread = t.Thread(target=lambda: None)
    _fails(RuntimeError, thread.join)
    thread.start()
    _fails(RuntimeError, thread.start)
    thread.join()
    _fails(RuntimeError, thread.start)
    _fails(RuntimeError, lambda: t.current_thread().join())


def thread_has_its_own_identifier(t: Any) -> None:
    seen = set()

    def note() -> None:
        seen.add(t.get_ident())
        assert t.get_ident() == t.current_thread().ident

    first, second = t.Thread(target=note), t.Thread(target=note)
    for thread in (first, second):
        thread.start()
        note()
    first.join()
    second.join()
    assert len(seen) >= 2


def local_is_each_threads_own(t: Any) -> None:
    local = t.local()
    local.x = 1
    seen = []
    thread = t.Thread(target=lambda: seen.append(hasattr(local, "x")))
    thread.start()
    thread.join()
    assert (local.x, seen) == (1, [False])


CHECKS = [
    value
    for value in list(globals().values())
    if getattr(value, "__annotations__", {}) == {"t": "Any", "return": "None"}
]


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.__name__)
class TestAsCPython:
    def test_cpython_itself(self, check: Check) -> None:
        check(threading)

    def test_outside_a_run(self, check: Check) -> None:
        check(model)

    def test_under_control(self, check: Check) -> None:
        done = []
        verdict = explore(Scenario(lambda: check(model) or done.append(1)), schedules=200)
        assert verdict.outcome is not Outcome.FAILED, verdict.finding
        assert verdict.outcome is not Outcome.INVALID, verdict.reason
        assert done

    def test_on_real_threads(self, check: Check) -> None:
        found = stress(Scenario(lambda: check(model)), repetitions=3)
        assert found.verdict.outcome is Outcome.SURVIVED, found.verdict


def test_what_is_not_modelled_is_refused_in_a_run(tmp_path: Path) -> None:
    (tmp_path / "bank.py").write_text("import asyncio\ndef main(): asyncio.run(None)\n")
    bank = load_submission(tmp_path / "bank.py")
    verdict = explore(Scenario(lambda: bank.main()), submissions=[bank])
    assert verdict.outcome is Outcome.INVALID
    assert "asyncio.run" in verdict.reason


def test_a_race_inside_a_race_is_refused() -> None:
    def setup() -> None:
        explore(Scenario(lambda: None))

    with pytest.raises(UsageError, match="inside another"):
        explore(Scenario(setup, lambda: None))
