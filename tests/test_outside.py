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


HELPER = """
import threading
from threading import Lock, Thread
import ledger

lock, total = Lock(), 0

def pay(account):
    with lock:
        account.balance += 1

def careless(account):
    account.balance += 1

def count():
    global total
    total += 1

def both(function):
    threads = [Thread(target=function, name=name) for name in ("Ada", "Bob")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
"""
LEDGER = "entries = []\n\ndef note(n):\n    entries.append(n)\n"
BESIDE = """
import helper
from helper import both, pay

def two(account):
    return account.balance == 2

def test_pay(race, submission):
    race(submission.Account, pay, helper.pay, at_end=two)

def test_with_its_lock(race, submission):
    def body(account):
        with helper.lock:
            account.balance += 1
    race(submission.Account, body, pay, at_end=two)

def test_careless(race, submission):
    race(submission.Account, helper.careless, helper.careless, at_end=two)

def test_its_threads(race, submission):
    def main():
        account = submission.Account()
        both(lambda: pay(account))
        assert two(account)
    race(main)

def test_its_careless_threads(race, submission):
    def main():
        account = submission.Account()
        both(lambda: helper.careless(account))
        assert two(account)
    race(main)

def test_its_global(race):
    def setup():
        helper.total = 0
    race(setup, helper.count, helper.count, at_end=lambda: helper.total == 2)

def test_a_helper_of_the_helper(race):
    def setup():
        helper.ledger.entries.clear()
    def body():
        before = len(helper.ledger.entries)
        helper.ledger.note(before)
    race(setup, body, body, at_end=lambda: helper.ledger.entries == [0, 1])

def test_plain():
    both(helper.count)
    assert helper.lock.acquire(timeout=1)
    helper.lock.release()
"""


def test_a_file_beside_the_test_is_seen_and_scheduled_as_the_test_is(run: Any) -> None:
    result = run(BESIDE, helper=HELPER, ledger=LEDGER)
    result.assert_outcomes(passed=4, failed=4)
    result.stdout.fnmatch_lines_random(
        [
            "*::test_pay  PROVED: all 2 interleavings*",
            "*::test_with_its_lock  PROVED: all 2 interleavings*",
            "*::test_careless  FAILED: Lost update*",
            "*::test_its_threads  PROVED: all 2 interleavings*",
            "*::test_its_careless_threads  FAILED: *",
            "*::test_its_global  FAILED: Lost update*",
            "*::test_a_helper_of_the_helper  FAILED: *",
        ]
    )


def test_a_file_beside_a_test_without_races_is_left_alone(run: Any) -> None:
    test = """
    import helper, threading
    def test_it():
        assert helper.threading is threading
        assert type(helper.lock).__module__ == "_thread"
    """
    run(test, helper=HELPER, ledger=LEDGER).assert_outcomes(passed=1)
