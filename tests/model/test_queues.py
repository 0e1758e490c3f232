"""Are queues, pools and futures scheduled, proved and told, and is the end of a pool its own?"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from pytest_bankrace import Outcome, Scenario, Submission, Verdict, explore, load_submission
from pytest_bankrace.explain.report import render
from pytest_bankrace.stress import stress

PROGRAM = """
import concurrent.futures
import queue
import threading
from concurrent.futures import ThreadPoolExecutor, as_completed

class Books:
    def __init__(self):
        self.total = 0
        self.lock = threading.Lock()

def add(books):
    books.total += 1

def add_locked(books):
    with books.lock:
        books.total += 1

def in_a_pool(work):
    books = Books()
    with ThreadPoolExecutor(2) as pool:
        for future in [pool.submit(work, books) for _ in range(2)]:
            future.result()
    assert books.total == 2

def pool_racing():
    in_a_pool(add)

def pool_locked():
    in_a_pool(add_locked)

def pool_never_shut_down():
    pool = ThreadPoolExecutor(1)
    done = []
    pool.submit(done.append, 1)

def pool_left_with_work():
    pool = ThreadPoolExecutor(1)
    pool.submit(lambda: None)
    pool.submit(lambda: None)

def pool_exception_lost():
    with ThreadPoolExecutor(1) as pool:
        pool.submit(int, "a penny")

def pool_exception_asked_for_by_its_callback():
    seen = []
    with ThreadPoolExecutor(1) as pool:
        future = pool.submit(int, "a penny")
        future.add_done_callback(lambda done: seen.append(done.exception()))
    assert type(seen[0]) is ValueError

def pool_as_completed_too_late():
    for seconds in (0, 0.01):
        opened = threading.Event()
        with ThreadPoolExecutor(1) as pool:
            try:
                for future in as_completed([pool.submit(opened.wait)], seconds):
                    raise AssertionError
            except TimeoutError:
                opened.set()

def pool_exception_asked_for():
    with ThreadPoolExecutor(1) as pool:
        future = pool.submit(int, "a penny")
        try:
            future.result()
        except ValueError:
            return
        raise AssertionError

def pool_of_one_waits_for_itself():
    with ThreadPoolExecutor(1) as pool:
        pool.submit(lambda: pool.submit(int).result()).result()

def pool_maps():
    with ThreadPoolExecutor(1) as pool:
        assert list(pool.map(str, [1, 2])) == ["1", "2"]

def pool_as_completed():
    with ThreadPoolExecutor(1) as pool:
        futures = [pool.submit(int) for _ in range(2)]
        assert [future.result() for future in as_completed(futures)] == [0, 0]

def pool_waits_in_time():
    with ThreadPoolExecutor(1) as pool:
        future = pool.submit(int)
        done, late = concurrent.futures.wait([future], timeout=1)
        assert len(done) + len(late) == 1
        future.result()

def pool_cancels():
    with ThreadPoolExecutor(1) as pool:
        first, second = pool.submit(int), pool.submit(int)
        cancelled = second.cancel()
        assert second.cancelled() == cancelled
        if not cancelled:
            second.result()
        first.result()

def pool_refuses_after_shutdown():
    pool = ThreadPoolExecutor(1)
    pool.shutdown()
    try:
        pool.submit(int)
    except RuntimeError:
        return
    raise AssertionError

def pool_fails_to_begin():
    with ThreadPoolExecutor(1, initializer=int, initargs=("a penny",)) as pool:
        try:
            pool.submit(int).result()
        except concurrent.futures.BrokenExecutor:
            return
        raise AssertionError

def till_of_one():
    till, seen = queue.Queue(1), []

    def cashier():
        for _ in range(2):
            seen.append(till.get())

    thread = threading.Thread(target=cashier)
    thread.start()
    till.put("a")
    till.put("b")
    thread.join()
    assert seen == ["a", "b"]

def till_without_sentinel():
    till = queue.Queue()

    def cashier():
        while till.get() is not None:
            pass

    thread = threading.Thread(target=cashier)
    thread.start()
    till.put("a")
    thread.join()

def till_too_small():
    till = queue.Queue(1)
    till.put("a")
    till.put("b")

def till_in_time():
    till, seen = queue.Queue(), []

    def cashier():
        try:
            seen.append(till.get(timeout=3600))
        except queue.Empty:
            seen.append(None)

    thread = threading.Thread(target=cashier)
    thread.start()
    till.put("a")
    thread.join()
    assert seen in (["a"], [None])

def till_of_many():
    till, coins = queue.Queue(), threading.Semaphore(1010)
    for _ in range(1010):
        till.put(1)
    def empty():
        while not till.empty():
            till.get()
        while coins.acquire(timeout=1):
            pass
    thread = threading.Thread(target=empty)
    thread.start()
    thread.join()

def till_changed():
    for till in (queue.Queue(), queue.SimpleQueue()):
        for coin in [*[1] * 1010, None]:
            till.put(coin)
        def change():
            while till.get() is not None:
                till.put(2)
        thread = threading.Thread(target=change)
        thread.start()
        thread.join()

def till_joined():
    till, done = queue.Queue(), []

    def cashier():
        while True:
            done.append(till.get())
            till.task_done()

    threading.Thread(target=cashier, daemon=True).start()
    till.put("a")
    till.join()
    assert done == ["a"]

def till_ordered():
    for kind, last in ((queue.LifoQueue, 2), (queue.PriorityQueue, 1)):
        till = kind()
        till.put(1)
        till.put(2)
        assert till.get() == last

def till_looked_into():
    till = queue.Queue()
    thread = threading.Thread(target=till.put, args=("a",))
    thread.start()
    seen = len(till.queue)
    thread.join()
    assert seen in (0, 1)

def simple_till():
    till = queue.SimpleQueue()
    thread = threading.Thread(target=till.put, args=("a",))
    thread.start()
    assert till.get() == "a"
    thread.join()
    try:
        till.get_nowait()
    except queue.Empty:
        return
    raise AssertionError

def two_put_in(till):
    seen = []
    threads = [threading.Thread(target=till.put, args=(i,)) for i in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [till.get(), till.get()] == [0, 1]

def order_of_a_queue():
    two_put_in(queue.Queue())

def order_of_a_simple_queue():
    two_put_in(queue.SimpleQueue())
"""


@pytest.fixture
def books(tmp_path: Path) -> Submission:
    (tmp_path / "books.py").write_text(PROGRAM)
    return load_submission(tmp_path / "books.py")


def race(module: Submission, name: str) -> Verdict:
    return explore(scenario(module, name), submissions=[module], seconds=20)


def scenario(module: Submission, name: str) -> Scenario:
    program = getattr(module, name).__name__

    def main() -> None:
        {of.__name__: of for of in [getattr(module, program)]}[program]()

    return Scenario(main)


@pytest.mark.parametrize(
    "name",
    [
        "pool_locked",
        "pool_never_shut_down",
        "pool_left_with_work",
        "pool_exception_asked_for",
        "pool_exception_asked_for_by_its_callback",
        "pool_maps",
        "pool_as_completed",
        "pool_as_completed_too_late",
        "pool_waits_in_time",
        "pool_cancels",
        "pool_refuses_after_shutdown",
        "pool_fails_to_begin",
        "till_of_one",
        "till_in_time",
        "till_of_many",
        "till_changed",
        "till_joined",
        "till_ordered",
        "till_looked_into",
        "simple_till",
    ],
)
class TestWhatIsRight:
    def test_is_not_failed(self, books: Submission, name: str) -> None:
        verdict = race(books, name)
        assert verdict.outcome in (Outcome.PROVED, Outcome.SURVIVED), render(verdict)

    def test_nor_on_real_threads(self, books: Submission, name: str) -> None:
        found = stress(scenario(books, name), repetitions=2)
        assert found.verdict.outcome is Outcome.SURVIVED, render(found.verdict)

    def test_nor_outside_a_run(self, books: Submission, name: str) -> None:
        getattr(books, name)()


@pytest.mark.parametrize(
    ("name", "finding", "told"),
    [
        ("pool_racing", "LostUpdate", "worker 1 and worker 2 both read 0 before either wrote"),
        ("pool_exception_lost", "ThreadCrashed", "worker 1: ValueError: invalid literal"),
        ("pool_exception_lost", "ThreadCrashed", "nobody asks this one"),
        ("pool_of_one_waits_for_itself", "Deadlock", "to be done"),
        ("till_without_sentinel", "Deadlock", "waits for till to have an item"),
        ("till_too_small", "Deadlock", "waits for till to have room"),
        ("order_of_a_queue", "InvariantViolated", "main: AssertionError"),
        ("order_of_a_simple_queue", "InvariantViolated", "main: AssertionError"),
    ],
)
def test_what_is_wrong_is_named(books: Submission, name: str, finding: str, told: str) -> None:
    verdict = race(books, name)
    text = render(verdict)
    assert type(verdict.finding).__name__ == finding, text
    assert told in " ".join(text.split()), text
    assert "futures/" not in text
    assert "queue.py" not in text
    assert " object at " not in text


@pytest.mark.parametrize(
    ("program", "told"),
    [
        ("from concurrent.futures import ProcessPoolExecutor as new", "ProcessPoolExecutor"),
        ("from multiprocessing import Process as new", "multiprocessing.Process"),
        ("from asyncio import new_event_loop as new", "asyncio.new_event_loop"),
        ("from socket import socket as new", "socket.socket"),
        ("from subprocess import Popen as new", "subprocess.Popen"),
    ],
)
def test_what_is_no_thread_is_refused(tmp_path: Path, program: str, told: str) -> None:
    (tmp_path / "books.py").write_text(f"{program}\ndef main():\n    new()\n")
    module: Any = load_submission(tmp_path / "books.py")
    verdict = explore(Scenario(lambda: module.main()), submissions=[module])
    assert verdict.outcome is Outcome.INVALID
    assert f"{told} was used, which can't be scheduled" in verdict.reason


def test_a_look_into_a_queue_is_never_a_proof(tmp_path: Path) -> None:
    (tmp_path / "books.py").write_text(PROGRAM)
    module: Any = load_submission(tmp_path / "books.py")
    verdict = explore(Scenario(lambda: module.till_looked_into()), submissions=[module])
    assert verdict.outcome is Outcome.SURVIVED
    assert "inside a queue" in verdict.reason


def test_a_simple_queue_that_is_waited_on_adds_no_interleaving(tmp_path: Path) -> None:
    (tmp_path / "books.py").write_text(PROGRAM)
    module: Any = load_submission(tmp_path / "books.py")
    verdict = explore(Scenario(lambda: module.simple_till()), submissions=[module])
    assert verdict.outcome is Outcome.PROVED, str(verdict)
    assert verdict.interleavings == 1
