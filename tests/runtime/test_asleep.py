"""Is a thread that waits outside of the model noticed at once, and none that runs taken for it?"""

from __future__ import annotations

import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from time import monotonic, sleep
from typing import Any

import pytest

from pytest_bankrace import Outcome, Scenario, explore
from pytest_bankrace.runtime import asleep
from pytest_bankrace.runtime.asleep import time_asleep
from pytest_bankrace.runtime.workers import Worker, pool

pytestmark = pytest.mark.skipif(
    not Path("/proc/self/task").exists(), reason="only Linux tells which threads are asleep"
)


class Held:
    """A real lock that somebody else holds."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.lock.acquire()

    def wait(self) -> None:
        self.lock.acquire()


def nothing(*state: object) -> None:
    pass


@pytest.mark.parametrize(
    ("scenario", "who"),
    [
        (Scenario(Held, nothing, Held.wait), "wait"),
        (Scenario(lambda: Held().wait()), "main"),
        (Scenario(lambda: Held().wait(), nothing), "setup"),
        (Scenario(Held, nothing, nothing, at_end=Held.wait), "predicate"),
    ],
    ids=["a thread", "a program", "setup", "a predicate"],
)
def test_who_waits_for_a_real_lock_is_told_with_the_line(scenario: Scenario, who: str) -> None:
    began, workers = monotonic(), len(pool.workers)
    verdict = explore(scenario)
    assert monotonic() - began < 8, "and not after the time that is left to what runs"
    assert verdict.outcome is Outcome.INVALID
    assert verdict.reason.startswith(f"{who} waits at test_asleep.py:")
    assert "(`self.lock.acquire()`)" in verdict.reason
    assert len(pool.workers) >= workers, "the one that waits is replaced"
    assert explore(Scenario(Held, nothing, nothing)).outcome is Outcome.PROVED


def compute(*state: object) -> None:
    until = monotonic() + 3
    while monotonic() < until:
        sum(range(1000))


def compute_in_c(*state: object) -> None:
    until = monotonic() + 3
    while monotonic() < until:
        sum(range(3_000_000))


@pytest.mark.parametrize("work", [compute, compute_in_c], ids=lambda work: work.__name__)
def test_what_computes_is_not_asleep_on_a_busy_machine(work: Callable[..., None]) -> None:
    """However rarely its turn comes: others take its CPU, and the interpreter's lock."""
    busy = True

    def spin() -> None:
        while busy:
            sum(range(100_000))

    spin_outside = "while True: pass"
    processes = [subprocess.Popen([sys.executable, "-c", spin_outside]) for _ in range(4)]
    threads = [threading.Thread(target=spin, daemon=True) for _ in range(2)]
    try:
        for thread in threads:
            thread.start()
        verdict = explore(Scenario(nothing, work), schedules=1)
    finally:
        busy = False
        for process in processes:
            process.kill()
            process.wait()
        for thread in threads:
            thread.join()
    assert verdict.outcome is Outcome.SURVIVED, verdict.reason


def test_the_time_of_a_thread_that_is_asleep_stands_still() -> None:
    worker = Worker()
    ran = threading.Event()

    def job() -> None:
        until = monotonic() + 0.2
        while monotonic() < until:
            pass
        ran.set()

    def look() -> Any:
        for _ in range(100):
            if (found := time_asleep(worker)) is not None:
                return found
            sleep(0.01)
        return None

    before = look()
    sleep(0.1)
    assert time_asleep(worker) == before
    worker.job = job
    worker.baton.release()
    assert ran.wait(10)
    assert look() > before


def test_where_it_cannot_be_told_nobody_is_asleep(monkeypatch: pytest.MonkeyPatch) -> None:
    worker = Worker()
    monkeypatch.delattr(asleep.time, "pthread_getcpuclockid")
    assert time_asleep(worker) is None
    worker.native_id = -1
    assert time_asleep(worker) is None
