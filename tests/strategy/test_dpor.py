"""Does Optimal DPOR run one execution for each Mazurkiewicz trace, and none in vain?

The figures are those of the papers' programs and of an enumeration by hand.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from pytest_bankrace import Outcome, Scenario, explore, load_submission
from pytest_bankrace.model.threading import Lock
from pytest_bankrace.runtime import current
from pytest_bankrace.runtime.controlled import Controlled
from pytest_bankrace.runtime.execution import Execution
from pytest_bankrace.runtime.workers import pool
from pytest_bankrace.strategy.bounded import Bounded
from pytest_bankrace.strategy.dpor import OptimalDpor
from pytest_bankrace.strategy.protocol import Strategy

Body = Callable[[Any], object]
Program = tuple[Callable[[], Any], list[Body]]


class Shared:
    """A place for shared variables."""

    def __init__(self, **values: Any) -> None:
        vars(self).update(values)


def read(place: Any, name: str) -> Any:
    assert current.active is not None
    current.active.read(place, name)
    return getattr(place, name)


def write(place: Any, name: str, value: Any) -> None:
    assert current.active is not None
    current.active.write(place, name)
    setattr(place, name, value)


def sections(threads: int, each: int) -> Program:
    """Critical sections on one lock."""

    def body(shared: Any) -> None:
        for _ in range(each):
            with shared.lock:
                write(shared, "x", read(shared, "x") + 1)

    return lambda: Shared(x=0, lock=Lock()), [body] * threads


def transfers(threads: int, each: int) -> Program:
    """Racy transfers to and fro between two accounts."""

    def body(src: str, dst: str) -> Body:
        def transfer(shared: Any) -> None:
            for _ in range(each):
                write(shared, src, read(shared, src) - 10)
                write(shared, dst, read(shared, dst) + 10)

        return transfer

    return lambda: Shared(a=100, b=100), [body(*("ab", "ba")[i % 2]) for i in range(threads)]


def readers(count: int) -> Program:
    """One writer, and readers of the same variable."""
    bodies: list[Body] = [lambda shared: write(shared, "x", 1)]
    return lambda: Shared(x=0), bodies + [lambda shared: read(shared, "x")] * count


def lastzero(writers: int) -> Program:
    """Each writer sets its cell from the one before; a reader seeks the last zero."""

    def seek(shared: Any) -> None:
        at = writers
        while read(shared, f"a{at}") != 0:
            at -= 1

    def writer(at: int) -> Body:
        return lambda shared: write(shared, f"a{at}", read(shared, f"a{at - 1}") + 1)

    return (
        lambda: Shared(**{f"a{at}": 0 for at in range(writers + 1)}),
        [seek, *(writer(at) for at in range(1, writers + 1))],
    )


def indexer(threads: int) -> Program:
    """Threads that enter words into a hash table; few of them collide."""
    size = 128

    def body(thread: int) -> Body:
        def enter(shared: Any) -> None:
            for message in range(4):
                word = message * 11 + thread + 11
                at = word * 7 % size
                while True:
                    with shared.locks[at]:
                        if read(shared.cells[at], "word") == 0:
                            write(shared.cells[at], "word", word)
                            break
                    at = (at + 1) % size

        return enter

    def setup() -> Any:
        cells = [Shared(word=0) for _ in range(size)]
        return Shared(cells=cells, locks=[Lock() for _ in range(size)])

    return setup, [body(thread) for thread in range(threads)]


def filesystem(threads: int) -> Program:
    """Threads that allocate blocks for their inodes; few of them meet."""
    inodes, blocks = 32, 26

    def body(thread: int) -> Body:
        def allocate(shared: Any) -> None:
            inode = thread % inodes
            with shared.inode_locks[inode]:
                if read(shared.inodes[inode], "block") == 0:
                    block = inode * 2 % blocks
                    while True:
                        with shared.block_locks[block]:
                            if read(shared.blocks[block], "busy") == 0:
                                write(shared.blocks[block], "busy", 1)
                                write(shared.inodes[inode], "block", block + 1)
                                break
                        block = (block + 1) % blocks

        return allocate

    def setup() -> Any:
        return Shared(
            inodes=[Shared(block=0) for _ in range(inodes)],
            blocks=[Shared(busy=0) for _ in range(blocks)],
            inode_locks=[Lock() for _ in range(inodes)],
            block_locks=[Lock() for _ in range(blocks)],
        )

    return setup, [body(thread) for thread in range(threads)]


def ring(threads: int, each: int = 1, *, ordered: bool = False) -> Program:
    """Each thread takes a lock and its neighbour's, in a circle or in order."""

    def body(first: int) -> Body:
        one, other = first, (first + 1) % threads
        if ordered:
            one, other = sorted((one, other))

        def take(shared: Any) -> None:
            for _ in range(each):
                with shared.locks[one], shared.locks[other]:
                    pass

        return take

    return (
        lambda: Shared(locks=[Lock() for _ in range(threads)]),
        [body(first) for first in range(threads)],
    )


def executions(program: Program, strategy: Strategy) -> int:
    """How many executions a search needs, the redundant ones left out."""
    setup, bodies = program
    complete = 0

    def go_on(execution: Execution) -> bool:
        nonlocal complete
        strategy.end_execution()
        complete += not execution.redundant
        return strategy.new_execution()

    with pool.pinned():
        strategy.new_execution()
        Controlled(Scenario(setup, *bodies)).explore(strategy, go_on)
    return complete


@pytest.mark.parametrize(
    ("program", "traces"),
    [
        pytest.param(sections(2, 1), 2, id="sections 2x1"),
        pytest.param(sections(3, 1), 6, id="sections 3x1"),
        pytest.param(sections(2, 3), 20, id="sections 2x3"),
        pytest.param(sections(3, 2), 90, id="sections 3x2"),
        pytest.param(sections(3, 3), 1680, id="sections 3x3"),
        pytest.param(readers(8), 256, id="readers 8"),
        pytest.param(lastzero(5), 64, id="lastzero 5"),
        pytest.param(lastzero(8), 704, id="lastzero 8"),
        pytest.param(lastzero(10), 3328, id="lastzero 10"),
        pytest.param(indexer(12), 8, id="indexer 12"),
        pytest.param(filesystem(18), 32, id="filesystem 18"),
        pytest.param(ring(3, ordered=True), 6, id="ordered ring of 3"),
        pytest.param(ring(4, ordered=True), 14, id="ordered ring of 4"),
        pytest.param(ring(2), 3, id="AB/BA"),
        pytest.param(ring(2, 2), 11, id="AB/BA twice"),
        pytest.param(ring(4), 15, id="ring of 4"),
        pytest.param(transfers(2, 1), 7, id="transfers 2x1"),
        pytest.param(transfers(2, 2), 199, id="transfers 2x2"),
        pytest.param(transfers(3, 1), 322, id="transfers 3x1"),
        pytest.param(transfers(2, 3), 6697, id="transfers 2x3"),
    ],
)
def test_one_execution_for_each_trace(program: Program, traces: int) -> None:
    search = OptimalDpor()
    assert executions(program, search) == traces
    assert search.finished
    assert search.redundant == 0


def handing_over(own_init: bool) -> Program:
    """Whoever comes first makes an object, and both write to it."""

    class Made:
        def __init__(self) -> None:
            if own_init:
                write(self, "x", 0)

    def body(shared: Any) -> None:
        with shared.lock:
            made = read(shared, "made")
            if made is None:
                made = Made()
                write(shared, "made", made)
        write(made, "x", 1)

    return lambda: Shared(made=None, lock=Lock()), [body, body]


def test_an_object_that_its_maker_touches_first_is_known_again() -> None:
    search = OptimalDpor()
    found = executions(handing_over(own_init=True), search)
    assert search.finished
    assert found == executions(handing_over(own_init=True), Bounded(None))


def test_an_object_that_anybody_may_touch_first_ends_the_search() -> None:
    search = OptimalDpor()
    executions(handing_over(own_init=False), search)
    assert not search.finished
    assert search.doubtful


BANK = """
import threading

class Account:
    def __init__(self, balance):
        self.balance = balance
        self.lock = threading.Lock()

log = []
totals = {}

def book(name):
    if name not in totals:
        totals[name] = []
    totals[name].append(1)

def careful(account):
    with account.lock:
        account.balance -= 10
        account.balance += 10
"""


def test_where_it_gives_up_the_search_with_sleep_sets_finds_the_bug_or_proves(
    tmp_path: Any,
) -> None:
    file = tmp_path / "bank.py"
    file.write_text(BANK)
    bank = load_submission(file)
    failing = explore(
        Scenario(
            lambda: None,
            lambda: bank.book("a"),
            lambda: bank.book("a"),
            at_end=lambda: len(bank.totals["a"]) == 2,
        ),
        submissions=[bank],
        strategy=Bounded(None),
    )
    assert failing.outcome is Outcome.FAILED
    both = explore(
        Scenario(lambda: None, lambda: bank.book("a"), lambda: bank.book("b")), submissions=[bank]
    )
    assert both.outcome is Outcome.PROVED


def watched(fails: bool) -> Scenario:
    """The sum is off only between the two writes of one thread, and `always` must see it."""

    def body(shared: Any) -> None:
        with shared.lock:
            write(shared, "a", 90 if fails else 100)
            write(shared, "b", 110 if fails else 100)

    def always(shared: Any) -> bool:
        return bool(shared.a + shared.b == 200 or shared.c == 0)

    return Scenario(
        lambda: Shared(a=100, b=100, c=0, lock=Lock()),
        body,
        lambda shared: write(shared, "c", 1),
        always=always,
    )


@pytest.mark.parametrize("fails", [True, False])
def test_an_always_predicate_sees_every_state(fails: bool) -> None:
    verdict = explore(watched(fails), strategy=OptimalDpor())
    assert (verdict.outcome is Outcome.FAILED) is fails


@pytest.mark.parametrize("ends", [True, False])
def test_a_daemon_thread_may_or_may_not_come_to_its_end(ends: bool, tmp_path: Any) -> None:
    file = tmp_path / "bank.py"
    file.write_text(
        "import threading\n"
        "done = False\n"
        "def work():\n"
        "    global done\n"
        "    done = True\n"
        "def main():\n"
        "    threading.Thread(target=work, daemon=True).start()\n"
    )
    bank = load_submission(file)
    for strategy in (OptimalDpor(), Bounded(None)):
        verdict = explore(
            Scenario(lambda: bank.main(), at_end=lambda: bank.done is ends),
            submissions=[bank],
            strategy=strategy,
        )
        assert verdict.outcome is Outcome.FAILED, strategy.name
        assert verdict.finding is not None


OWN_THREADS = """
import threading

def main():
    total = {"n": 0}
    lock = threading.Lock()

    def work():
        for _ in range(2):
            with lock:
                total["n"] += 1

    threads = [threading.Thread(target=work) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert total["n"] == 6
"""


def test_a_program_that_starts_its_own_threads_is_proved(tmp_path: Any) -> None:
    file = tmp_path / "bank.py"
    file.write_text(OWN_THREADS)
    bank = load_submission(file)
    verdict = explore(Scenario(lambda: bank.main()), submissions=[bank], seconds=60)
    assert verdict.outcome is Outcome.PROVED, verdict
    assert verdict.interleavings == 90
    file.write_text(OWN_THREADS.replace("with lock", "if lock"))
    bank = load_submission(file)
    verdict = explore(Scenario(lambda: bank.main()), submissions=[bank], seconds=60)
    assert verdict.outcome is Outcome.FAILED, verdict
