"""Do the model's threads behave as CPython's, in every way they are used?"""

from __future__ import annotations

import sys
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from pytest_bankrace import Outcome, Scenario, Verdict, explore, load_submission
from pytest_bankrace.model import _thread as model_thread
from pytest_bankrace.model import threading as model
from pytest_bankrace.strategy.bounded import Bounded
from pytest_bankrace.strategy.dpor import OptimalDpor
from pytest_bankrace.stress import stress

Check = Callable[[Any], None]

threading, _thread = sys.modules["threading"], sys.modules["_thread"]


def _fails(kind: type[BaseException], call: Callable[[], object], match: str = "") -> None:
    try:
        call()
    except kind as error:
        told = str(error)
    else:
        raise AssertionError(f"{kind.__name__} was to be raised")
    assert match in told


def _run(t: Any, *targets: Callable[[], object]) -> None:
    threads = [t.Thread(target=target) for target in targets]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def super_init_is_forgotten(t: Any) -> None:
    class Teller(t.Thread):  # type: ignore[misc]
        def __init__(self) -> None:
            self.done = False

    teller = Teller()
    _fails(RuntimeError, teller.start, "thread.__init__() not called")
    _fails(RuntimeError, teller.join, "Thread.__init__() not called")
    _fails(AssertionError, teller.is_alive, "Thread.__init__() not called")
    _fails(AssertionError, lambda: teller.ident, "Thread.__init__() not called")
    _fails(AssertionError, lambda: teller.name, "Thread.__init__() not called")


def run_is_replaced(t: Any) -> None:
    seen: list[int] = []
    thread = t.Thread()
    thread.run = lambda: seen.append(1)
    thread.start()
    thread.join()
    assert seen == [1]


def daemon_is_inherited_and_fixed_once_started(t: Any) -> None:
    seen = []

    def work() -> None:
        seen.append(t.Thread().daemon)

    thread = t.Thread(target=work)
    assert thread.daemon is False
    thread.daemon = True
    thread.start()
    _fails(RuntimeError, lambda: setattr(thread, "daemon", False), "active thread")
    thread.join()
    assert seen == [True]


def names_are_unlike_and_may_be_changed(t: Any) -> None:
    def work() -> None:
        pass

    first, second = t.Thread(target=work), t.Thread(target=work)
    assert first.name != second.name
    assert first.name.startswith("Thread-")
    assert first.name.endswith(" (work)")
    assert "(" not in t.Thread().name
    first.name = 7
    assert first.name == "7"
    assert t.Thread(name="Ada").name == "Ada"


def old_names_warn(t: Any) -> None:
    thread = t.Thread(name="Ada")
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        assert thread.getName() == "Ada"
        thread.setName("Bob")
        assert thread.isDaemon() is False
        thread.setDaemon(True)
        assert t.currentThread() is t.current_thread()
        assert t.activeCount() >= 1
    assert (thread.name, thread.daemon) == ("Bob", True)
    told = [str(warning.message) for warning in caught if "deprecated" in str(warning.message)]
    assert len(told) == 6, told
    assert "currentThread() is deprecated, use current_thread() instead" in told
    assert {warning.filename for warning in caught} == {__file__}


def identifiers_come_with_the_start(t: Any) -> None:
    thread = t.Thread(target=lambda: None)
    assert (thread.ident, thread.native_id) == (None, None)
    thread.start()
    assert isinstance(thread.ident, int)
    assert isinstance(thread.native_id, int)
    thread.join()
    assert thread.ident


def what_it_was_given_is_let_go(t: Any) -> None:
    thread = t.Thread(target=lambda x, y: None, args=(1,), kwargs={"y": 2})
    thread.start()
    thread.join()
    assert not {"_target", "_args", "_kwargs"} & set(vars(thread))


def one_is_started_by_another(t: Any) -> None:
    seen = []

    def outer() -> None:
        inner = t.Thread(target=lambda: seen.append(t.current_thread().name), name="inner")
        inner.start()
        inner.join()
        seen.append(t.current_thread().name)

    thread = t.Thread(target=outer, name="outer")
    thread.start()
    thread.join()
    assert seen == ["inner", "outer"]


def system_exit_ends_its_own_thread_alone(t: Any) -> None:
    seen = []

    def leave() -> None:
        seen.append(1)
        raise SystemExit(3)

    _run(t, leave)
    assert seen == [1]


def the_threads_are_listed(t: Any) -> None:
    before = t.active_count()
    lock = t.Lock()
    lock.acquire()

    def wait() -> None:
        with lock:
            pass

    thread = t.Thread(target=wait)
    assert thread not in t.enumerate()
    thread.start()
    listed = t.enumerate()
    assert thread in listed
    assert t.current_thread() in listed
    assert t.main_thread() in listed
    assert t.active_count() == before + 1
    lock.release()
    thread.join()
    assert thread not in t.enumerate()
    assert t.active_count() == before


def the_main_thread_knows_itself(t: Any) -> None:
    seen = []
    assert t.main_thread().name == "MainThread"
    assert t.main_thread().is_alive()
    assert t.main_thread().ident != 0
    _run(t, lambda: seen.append(t.current_thread() is t.main_thread()))
    assert seen == [False]


def a_local_is_made_for_each_thread(t: Any) -> None:
    class Account(t.local):  # type: ignore[misc]
        bank = "the bank"

        def __init__(self, balance: int, *, owner: str) -> None:
            self.balance = balance
            self.owner = owner

        @property
        def told(self) -> str:
            return f"{self.owner}: {self.balance}"

    account, seen = Account(5, owner="Ada"), []

    def spend() -> None:
        account.balance -= 2
        seen.append(account.told)
        del account.owner
        seen.append(sorted(vars(account)))
        seen.append(account.bank)

    account.balance = 100
    _run(t, spend)
    _run(t, spend)
    assert seen == ["Ada: 3", ["balance"], "the bank"] * 2
    assert account.told == "Ada: 100"
    _fails(TypeError, lambda: t.local(1))
    _fails(AttributeError, lambda: account.nothing)


def hooks_are_kept(t: Any) -> None:
    def hook(*anything: object) -> None:
        pass

    for name in ("trace", "profile"):
        set_hook, get_hook = getattr(t, f"set{name}"), getattr(t, f"get{name}")
        before = get_hook()
        set_hook(hook)
        assert get_hook() is hook
        set_hook(before)
        assert get_hook() is before
    before = t.stack_size()
    assert t.stack_size(256 * 1024) == before
    assert t.stack_size(before) == 256 * 1024
    _fails(ValueError, lambda: t.stack_size(1))


def all_names_are_there(t: Any) -> None:
    assert set(threading.__all__) <= {name for name in t.__all__ if hasattr(t, name)}
    assert t.__excepthook__ is threading.__excepthook__


CHECKS = [
    value
    for value in list(globals().values())
    if getattr(value, "__annotations__", {}) == {"t": "Any", "return": "None"}
]


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
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


# -- Programs


def judge(folder: Path, program: str, **how: Any) -> Verdict:
    """The verdict on a program with a function `main`."""
    file = folder / "bank.py"
    file.write_text(program)
    module = load_submission(file)
    return explore(Scenario(lambda: module.main()), submissions=[module], **how)


def always_fails(folder: Path, program: str) -> None:
    """It does, whether all is tried together or one exhaustive search alone."""
    for search in (None, OptimalDpor(), Bounded(None)):
        verdict = judge(folder, program, strategy=search)
        assert verdict.outcome is Outcome.FAILED, verdict


def is_proved(folder: Path, program: str) -> None:
    """It is, and both exhaustive searches come to their end without a failure."""
    for search in (OptimalDpor(), Bounded(None)):
        verdict = judge(folder, program, strategy=search)
        assert verdict.outcome is Outcome.SURVIVED, verdict
        assert search.finished
    verdict = judge(folder, program)
    assert verdict.outcome is Outcome.PROVED, verdict


HOOK = """
import threading

def main():
    seen = []
    {hook}
    def work():
        raise KeyError("lost")
    thread = threading.Thread(target=work, name="Ada")
    thread.start()
    thread.join()
    {check}
"""


def test_an_exception_is_its_own_hooks_to_handle(tmp_path: Path) -> None:
    program = HOOK.format(
        hook="threading.excepthook = seen.append",
        check="(args,) = seen\n"
        "    assert type(args) is threading.ExceptHookArgs\n"
        "    assert (args.exc_type, args.thread) == (KeyError, thread)\n"
        "    assert args.exc_value.args == ('lost',) and args.exc_traceback is not None",
    )
    before = threading.excepthook
    verdict = judge(tmp_path, program)
    assert verdict.outcome is Outcome.PROVED, verdict
    assert threading.excepthook is before


@pytest.mark.parametrize(
    "hook",
    [
        "pass",
        "threading.excepthook = threading.__excepthook__",
        "threading.excepthook = threading.excepthook",
        "threading.excepthook = lambda args: 1 / 0",
    ],
)
def test_without_a_hook_of_its_own_a_thread_has_crashed(tmp_path: Path, hook: str) -> None:
    verdict = judge(tmp_path, HOOK.format(hook=hook, check="pass"))
    assert type(verdict.finding).__name__ == "ThreadCrashed", verdict
    assert "Ada" in verdict.finding.what
    assert ("ZeroDivisionError" if "/ 0" in hook else "KeyError: 'lost'") in verdict.finding.what


def test_a_hook_counts_in_its_own_program_alone(tmp_path: Path) -> None:
    judge(tmp_path, HOOK.format(hook="threading.excepthook = seen.append", check="pass"))
    verdict = judge(tmp_path, HOOK.format(hook="pass", check="pass"))
    assert type(verdict.finding).__name__ == "ThreadCrashed", verdict


def test_a_thread_that_two_threads_start_starts_once(tmp_path: Path) -> None:
    program = """
import threading

def main():
    ran, refused = [], []
    shared = threading.Thread(target=ran.append, args=(1,))
    def start():
        try:
            shared.start()
        except RuntimeError as error:
            refused.append(str(error))
    tellers = [threading.Thread(target=start) for _ in range(2)]
    for teller in tellers:
        teller.start()
    for teller in tellers:
        teller.join()
    shared.join()
    assert ran == [1] and refused == ["threads can only be started once"]
"""
    is_proved(tmp_path, program)


ASKS = """
import threading

def main():
    seen = []
    shared = threading.Thread(target=lambda: None)
    def ask():
        {ask}
    teller = threading.Thread(target=ask)
    teller.start()
    shared.start()
    teller.join()
    shared.join()
    assert seen == {expected}
"""


@pytest.mark.parametrize(
    ("ask", "one", "other"),
    [
        ("seen.append(shared.is_alive())", "[True]", "[False]"),
        ("seen.append(shared.ident is None)", "[True]", "[False]"),
        ("seen.append(shared in threading.enumerate())", "[True]", "[False]"),
        ("seen.append(threading.active_count())", "[2]", "[3]"),
        (
            "\n        try:\n            shared.join()\n        except RuntimeError:\n"
            "            seen.append(1)",
            "[1]",
            "[]",
        ),
    ],
    ids=["is_alive", "ident", "enumerate", "active_count", "join"],
)
def test_a_start_and_who_asks_about_it_come_in_both_orders(
    tmp_path: Path, ask: str, one: str, other: str
) -> None:
    for expected in (one, other):
        program = ASKS.format(ask=ask, expected=expected)
        always_fails(tmp_path, program)
    program = ASKS.format(ask=ask, expected=f"{one} or seen == {other}")
    is_proved(tmp_path, program)


def test_threads_that_are_started_by_different_threads(tmp_path: Path) -> None:
    """Which of them is the next is a step of the program, and each is known in every order."""
    program = """
import threading

def main():
    log = []
    def leaf(n):
        log.append(n)
    def root(n):
        child = threading.Thread(target=leaf, args=(n,))
        child.start()
        child.join()
    roots = [threading.Thread(target=root, args=(n,)) for n in range(2)]
    for thread in roots:
        thread.start()
    for thread in roots:
        thread.join()
    assert {check}
"""
    is_proved(tmp_path, program.format(check="sorted(log) == [0, 1]"))
    for order in ("[0, 1]", "[1, 0]"):
        always_fails(tmp_path, program.format(check=f"log != {order}"))


def test_a_local_of_the_test_is_each_threads_own_in_each_execution() -> None:
    local = model.local()
    seen = []

    def body() -> None:
        seen.append(hasattr(local, "x"))
        local.x = 1

    verdict = explore(Scenario(lambda: None, body, body))
    assert verdict.outcome is not Outcome.FAILED
    assert not any(seen)
    assert len(seen) >= 4


def test_a_thread_of_the_scenario_is_a_thread() -> None:
    seen = []

    def teller() -> None:
        thread = model.current_thread()
        assert isinstance(thread, model.Thread)
        assert thread.is_alive()
        assert thread in model.enumerate()
        assert model.main_thread() in model.enumerate()
        assert not thread.daemon
        seen.append(thread.name)

    verdict = explore(Scenario(lambda: None, teller, teller))
    assert verdict.outcome in (Outcome.PROVED, Outcome.SURVIVED), verdict
    assert set(seen) == {"teller 1", "teller 2"}


def test_a_thread_that_was_made_outside_is_refused() -> None:
    made = model.Thread(target=lambda: None, name="Ada")
    for body in (made.start, made.join, made.is_alive):
        verdict = explore(Scenario(lambda: None, body))
        assert verdict.outcome is Outcome.INVALID, verdict
        assert "'Ada' was made outside" in verdict.reason


# -- `_thread`


def test_the_low_level_module(tmp_path: Path) -> None:
    program = """
import _thread

def main():
    seen = []
    done, lock = _thread.allocate_lock(), _thread.RLock()
    assert isinstance(done, _thread.LockType)
    done.acquire()
    def work(n, m=0):
        with lock:
            seen.append((n, m, _thread.get_ident() != me))
        done.release()
        _thread.exit()
        seen.append("never")
    me = _thread.get_ident()
    ident = _thread.start_new_thread(work, (1,), {"m": 2})
    assert ident != me
    done.acquire()
    assert seen == [(1, 2, True)]
    for wrong in ((1, ()), (work, [1])):
        try:
            _thread.start_new_thread(*wrong)
        except TypeError:
            continue
        raise AssertionError
"""
    verdict = judge(tmp_path, program)
    assert verdict.outcome is Outcome.PROVED, verdict
    judge_real: dict[str, Any] = {}
    exec(program, judge_real)
    judge_real["main"]()


def test_what_the_low_level_module_alone_has_is_refused(tmp_path: Path) -> None:
    assert model_thread.error is _thread.error
    verdict = judge(tmp_path, "import _thread\n\ndef main():\n    _thread.interrupt_main()\n")
    assert verdict.outcome is Outcome.INVALID
    assert "_thread.interrupt_main" in verdict.reason
