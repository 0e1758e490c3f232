"""What becomes of locks, queues and threads that come from the real `threading`? Never a hang."""

from __future__ import annotations

from typing import Any

import pytest

BANK = """
class Account:
    def __init__(self):
        self.balance = 0
"""
CONFTEST = """
import concurrent.futures, contextlib, queue, threading
import pytest

class Account:
    balance = 0

@pytest.fixture
def real():
    class Real:
        lock, rlock, condition = threading.Lock(), threading.RLock(), threading.Condition()
        event, semaphore = threading.Event(), threading.Semaphore()
        barrier, queue, simple = threading.Barrier(2), queue.Queue(), queue.SimpleQueue()
        thread, timer = threading.Thread(target=print), threading.Timer(1, print)
        pool = concurrent.futures.ThreadPoolExecutor(1)
        def hold(self):
            with self.lock:
                return 1
        def entered(self):
            return contextlib.ExitStack().enter_context(self.lock)
    return Real()
"""
TEST = """
def test_it(race, submission, real):
    def body(account):
        {use}
        account.balance += 1
    race(submission.Account, body, body)
"""


@pytest.fixture
def run(pytester: pytest.Pytester) -> Any:
    def run(test: str, *arguments: str, **files: str) -> pytest.RunResult:
        pytester.makepyfile(test_it=test, **{"bank": BANK, "conftest": CONFTEST, **files})
        quiet = ("-p", "no:cacheprovider", *arguments)
        return pytester.runpytest_subprocess(*quiet, timeout=60)

    return run


@pytest.mark.parametrize(
    ("use", "what"),
    [
        ("with real.lock: pass", "lock"),
        ("with real.rlock: pass", "RLock"),
        ("real.lock.acquire()", "lock"),
        ("take = real.lock.acquire; take()", "lock"),
        ("with real.condition: pass", "Condition"),
        ("real.condition.acquire()", "RLock"),
        ("real.event.wait()", "Event"),
        ("real.semaphore.acquire()", "Semaphore"),
        ("real.barrier.wait()", "Barrier"),
        ("real.queue.get()", "Queue"),
        ("real.simple.get()", "SimpleQueue"),
        ("real.thread.start()", "Thread"),
        ("real.timer.start()", "Timer"),
        ("real.pool.submit(print)", "ThreadPoolExecutor"),
    ],
)
def test_what_is_real_is_refused_with_its_line(run: Any, use: str, what: str) -> None:
    result = run(TEST.format(use=use), "-p", "no:threadexception")
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines([f"*INVALID: test_it.py:3 (`{use}`) uses a real {what}, *"])
    assert "Traceback" not in result.stdout.str()


def test_what_is_real_is_used_freely_outside_of_a_race_and_under_stress(run: Any) -> None:
    test = """
def test_plain(real):
    with real.lock, real.condition:
        real.event.set()
    assert real.event.wait(1)

def test_stress(race, submission, real):
    def body(account):
        with real.lock:
            account.balance += 1
    race.stress(submission.Account, body, body, at_end=lambda account: account.balance == 2)
"""
    run(test).assert_outcomes(passed=2)


@pytest.mark.parametrize("use", ["real.entered()", "real.hold()"])
def test_what_code_without_probes_waits_for_is_told_soon(run: Any, use: str) -> None:
    test = f"""
def test_it(race, submission, real):
    def body(account):
        {use}
    def hold(account):
        real.entered()
        account.balance += 1
    race(submission.Account, hold, body)
"""
    result = run(test, "--durations=1", "-vv")
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(["*INVALID: body waits at conftest.py:*can't be scheduled: *"])
