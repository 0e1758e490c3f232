"""How fast are conditions, queues and pools, beside plain locks with as many operations?

pip install -e '.[bench]' && pytest -m bench tests/bench
"""

from __future__ import annotations

from pathlib import Path
from statistics import median
from time import process_time
from typing import Any

import pytest

from pytest_bankrace import Scenario, load_submission
from pytest_bankrace.runtime.controlled import Controlled
from pytest_bankrace.runtime.execution import Execution
from pytest_bankrace.runtime.workers import pool
from pytest_bankrace.strategy.walk import RandomWalk

pytestmark = pytest.mark.bench

TIMES_LOCKS = 3
"""How much longer an operation may take than one of a program of plain locks."""

PROGRAMS = """
import queue
import threading
from concurrent.futures import ThreadPoolExecutor

class Till:
    def __init__(self):
        self.changed = threading.Condition()
        self.coins = 0

    def put(self):
        with self.changed:
            self.coins += 1
            self.changed.notify()

    def get(self):
        with self.changed:
            while not self.coins:
                self.changed.wait()
            self.coins -= 1

def together(*bodies):
    threads = [threading.Thread(target=body) for body in bodies]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

def locks():
    lock = threading.Lock()
    coins = [0]
    def add():
        for _ in range({times}):
            with lock:
                coins[0] += 1
    together(add, add)

def condition():
    till = Till()
    together(lambda: [till.put() for _ in range(4)], lambda: [till.get() for _ in range(4)])

def queues():
    till = queue.Queue(2)
    together(lambda: [till.put(1) for _ in range(4)], lambda: [till.get() for _ in range(4)])

def pools():
    with ThreadPoolExecutor(2) as workers:
        futures = [workers.submit(abs, -1) for _ in range(4)]
        assert sum(future.result() for future in futures) == 4
"""


class Walk:
    """One of the programs, by random walk."""

    def __init__(self, folder: Path, name: str, times: int = 1) -> None:
        file = folder / f"bank_{name}_{times}.py"
        file.write_text(PROGRAMS.replace("{times}", str(times)))
        bank = load_submission(file)
        self._runtime = Controlled(Scenario(lambda: getattr(bank, name)()))
        self._strategy = RandomWalk(0)

    def run(self, schedules: int) -> int:
        """How many operations they had together."""
        counts: list[int] = []

        def go_on(execution: Execution) -> bool:
            assert execution.failure is None
            counts.append(len(execution.threads))
            return len(counts) < schedules

        with pool.pinned():
            self._runtime.explore(self._strategy, go_on)
        return sum(counts)


def timed(walk: Walk, schedules: int = 200) -> float:
    """Seconds for one schedule."""
    begun = process_time()
    walk.run(schedules)
    return (process_time() - begun) / schedules


@pytest.mark.parametrize("name", ["condition", "queues", "pools"])
def test_an_operation_beside_one_of_plain_locks(benchmark: Any, tmp_path: Path, name: str) -> None:
    walk = Walk(tmp_path, name)
    size = walk.run(200) / 200
    times = 1
    while (sizes := Walk(tmp_path, "locks", times).run(50) / 50) < size:
        times += 1
    locks = Walk(tmp_path, "locks", times)
    ratios, rates = [], []
    for _ in range(9):  # in turn, so that both meet the same noise
        mine, theirs = timed(walk), timed(locks)
        ratios.append((mine / size) / (theirs / sizes))
        rates.append(1 / mine)
    ratio, rate = median(ratios), median(rates)
    benchmark.extra_info["times plain locks"] = round(ratio, 2)
    benchmark.extra_info["schedules per second"] = round(rate)
    print(f"\n{name}: {rate:,.0f} schedules a second of {size:.0f} operations, {ratio:.2f} locks'")
    benchmark.pedantic(walk.run, args=(100,), rounds=5)
    assert ratio <= TIMES_LOCKS
