"""Does the harness survive what runs in it, and leave nothing behind?"""

from __future__ import annotations

import os
import resource
import signal
import subprocess
import sys
import threading
from pathlib import Path
from time import monotonic, sleep
from typing import Any

import pytest

from pytest_bankrace import Outcome, Scenario, explore, load_submission
from pytest_bankrace.model.threading import Lock
from pytest_bankrace.runtime import current
from pytest_bankrace.runtime.controlled import Controlled
from pytest_bankrace.runtime.execution import Ending
from pytest_bankrace.runtime.session import Patience
from pytest_bankrace.runtime.workers import pool
from pytest_bankrace.strategy.walk import RandomWalk
from pytest_bankrace.stress import stress

FIXTURE = "RACE".lower()
"""Spelt so that this module is not instrumented: a loop with probes can't swallow everything."""


class Counter:
    def __init__(self) -> None:
        self.value = 0
        self.lock = Lock()


def add(counter: Counter) -> None:
    runtime = current.active
    assert runtime is not None
    with counter.lock:
        runtime.read(counter, "value")
        value = counter.value
        runtime.write(counter, "value")
        counter.value = value + 1


FINE = Scenario(Counter, add, add, at_end=lambda counter: counter.value == 2)


def fails() -> None:
    raise KeyError("lost")


def test_everything_is_as_before(monkeypatch: pytest.MonkeyPatch) -> None:
    def settings() -> tuple[Any, ...]:
        cpus = os.sched_getaffinity(0) if hasattr(os, "sched_getaffinity") else None
        return cpus, sys.getswitchinterval(), sys.stdout, sys.stderr, current.active

    import gc

    before = settings()
    for scenario in (FINE, Scenario(lambda: None, fails), Scenario(fails, fails)):
        explore(scenario)
        assert settings() == before
        assert gc.isenabled()
        stress(scenario, repetitions=2)
        assert settings() == before


def test_no_threads_or_descriptors_pile_up() -> None:
    def count() -> tuple[int, int]:
        descriptors = Path("/proc/self/fd")
        return len(pool.workers), len(list(descriptors.iterdir())) if descriptors.exists() else 0

    explore(FINE)
    before = count()
    for _ in range(50):
        explore(FINE)
    assert count() == before


def test_memory_stays_flat() -> None:
    runtime, strategy, left = Controlled(FINE), RandomWalk(0), 0

    def run(executions: int) -> int:
        nonlocal left
        left = executions

        def go_on(execution: Any) -> bool:
            nonlocal left
            left -= 1
            return left > 0

        with pool.pinned():
            runtime.explore(strategy, go_on)
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss

    run(2_000)
    before = run(2_000)
    assert run(8_000) - before < 4_000, "kilobytes"


def test_a_thread_that_swallows_its_unwinding_is_left_behind() -> None:
    def swallow(counter: Counter) -> None:
        runtime = current.active
        while True:
            try:
                runtime.read(counter, "value")  # type: ignore[union-attr]
            except BaseException:
                continue

    def crash(counter: Counter) -> None:
        raise KeyError("lost")

    workers = list(pool.workers)
    verdict = explore(Scenario(Counter, swallow, crash))
    assert verdict.outcome is Outcome.FAILED
    assert type(verdict.finding).__name__ == "ThreadCrashed"
    assert pool.workers != workers, "the lost ones are replaced"
    assert explore(FINE).outcome is not Outcome.FAILED


def test_code_that_does_not_come_back_is_given_up_and_may_come_back_later() -> None:
    came_back = threading.Event()

    def stuck(counter: Counter) -> None:
        sleep(0.6)  # the real one: nothing here is a submission's
        came_back.set()
        add(counter)

    runtime = Controlled(Scenario(Counter, stuck, add), Patience(stuck_seconds=0.1))
    for _ in range(2):
        failure = runtime.run(RandomWalk(0)).failure
        assert failure is not None
        assert failure.ending is Ending.STUCK
    came_back.wait(5)
    sleep(0.1)
    assert explore(FINE).outcome is not Outcome.FAILED


def test_an_error_of_ours_in_a_worker_reaches_the_caller() -> None:
    class Broken(RandomWalk):
        def end_execution(self) -> None:
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        explore(FINE, strategy=Broken(0))
    assert current.active is None
    assert explore(FINE).outcome is not Outcome.FAILED


def test_ctrl_c_ends_an_exploration(tmp_path: Path) -> None:
    bank = tmp_path / "bank.py"
    bank.write_text("def pay(a):\n    for _ in range(20):\n        a.n += 1\nclass A:\n    n = 0\n")
    test = tmp_path / "test_it.py"
    test.write_text(
        f"def test_it({FIXTURE}, submission):\n"
        "    print('begun', flush=True)\n"
        "    RACE(submission.A, submission.pay, submission.pay, submission.pay, seconds=60,"
        " schedules=10**9)\n".replace("RACE", FIXTURE)
    )
    command = [sys.executable, "-m", "pytest", "-s", "-p", "no:cacheprovider", str(test)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=tmp_path) as process:
        assert process.stdout is not None
        while "begun" not in process.stdout.readline():
            pass
        sleep(0.5)
        process.send_signal(signal.SIGINT)
        begun = monotonic()
        rest = process.stdout.read()
    assert monotonic() - begun < 10
    assert process.returncode == pytest.ExitCode.INTERRUPTED
    assert "KeyboardInterrupt" in rest


def test_a_submission_in_two_runs_shares_nothing(tmp_path: Path) -> None:
    bank = tmp_path / "bank.py"
    bank.write_text("seen = []\n\ndef note():\n    seen.append(1)\n    return len(seen)\n")
    module = load_submission(bank)
    verdict = explore(
        Scenario(lambda: None, lambda: module.note(), at_end=lambda: module.note() == 2)
    )
    assert verdict.outcome is not Outcome.FAILED
    assert module.note() == 1
