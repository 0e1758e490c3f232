"""Do CPython's own tests of threads, locks, queues and pools pass over our model?

Freely, outside a run; and under control, where each test is a program, by two random walks: in one
of them time passes when nobody can go on, in the other a timeout may be over at any moment.
"""

from __future__ import annotations

import importlib.util
import unittest
from collections.abc import Iterator
from fnmatch import fnmatchcase
from typing import Any

import pytest

from pytest_bankrace.runtime.execution import Ending
from tests.model.cpython import Case, freely, load, methods, under_control


def shipped(module: str) -> bool:
    try:
        return importlib.util.find_spec(f"test.{module}") is not None
    except ModuleNotFoundError:
        return False


if not shipped("lock_tests"):
    pytest.skip("this interpreter ships no test package", allow_module_level=True)

MODULES = """
    test_threading test_thread test_threading_local test_queue
    test_concurrent_futures.test_future test_concurrent_futures.test_as_completed
    test_concurrent_futures.test_wait test_concurrent_futures.test_thread_pool
    test_concurrent_futures.test_shutdown test_concurrent_futures.test_init
"""

PRIVATE = "it replaces, or looks into, what `threading` keeps for itself"
PROCESS = "it is about another process: a fork, a subprocess or a pool of processes"
C_CODE = "it is about C code: `ctypes`, `_testcapi`, signals or subinterpreters"
TWICE = "our model has one of these: its other class of tests is run"

NOWHERE = {
    "test_threading.ThreadTests.test_name": PRIVATE,
    "test_threading.ThreadTests.test_limbo_cleanup": PRIVATE,
    "test_threading.ThreadTests.test_foreign_thread": PRIVATE,
    "test_threading.ThreadTests.test_tstate_lock": PRIVATE,
    "test_threading.ThreadTests.test_shutdown_locks": PRIVATE,
    "test_threading.ThreadTests.test_disallow_instantiation": "Lock is a class, as since 3.13",
    "test_threading.MiscTestCase.*": "the module's names are gathered from several of ours",
    "test_threading.ThreadTests.*fork*": PROCESS,
    "test_threading.ThreadTests.*_exit": PROCESS,
    "test_threading.ThreadTests.*shutdown": PROCESS,
    "test_threading.ThreadTests.*finaliz*": PROCESS,
    "test_threading.ThreadTests.test_import_from_another_thread": PROCESS,
    "test_threading.ThreadTests.test_leak_without_join": PROCESS,
    "test_threading.ThreadTests.test_frame_tstate_tracing": C_CODE,
    "test_threading.ThreadTests.test_PyThreadState_SetAsyncExc": C_CODE,
    "test_threading.ThreadingExceptionTests.test_print_exception*": PROCESS,
    "test_threading.ThreadingExceptionTests.test_recursion_limit": PROCESS,
    "test_threading.ThreadJoinOnShutdown.*": PROCESS,
    "test_threading.AtexitTests.*": PROCESS,
    "test_threading.SubinterpThreadingTests.*": C_CODE,
    "test_threading.InterruptMainTests.*": C_CODE,
    "test_threading.PyRLockTests.*": TWICE,
    "test_thread.TestForkInThread.*": PROCESS,
    "test_threading_local.PyThreadingLocalTest.*": TWICE,
    "test_threading_local.*.test_threading_local_clear_race": C_CODE,
    "test_queue.CQueueTest.*": TWICE,
    "test_queue.CLifoQueueTest.*": TWICE,
    "test_queue.CPriorityQueueTest.*": TWICE,
    "test_queue.CFailingQueueTest.*": TWICE,
    "test_queue.PySimpleQueueTest.*": TWICE,
    "*.ProcessPool*": PROCESS,
    "*.FailingInitializerResourcesTest.*": PROCESS,
    "*.test_hang_global_shutdown_lock": PROCESS,
    "*.ThreadPoolShutdownTest.test_hang_*": PROCESS,
    "*.ThreadPoolShutdownTest.*interpreter_shutdown": PROCESS,
}
"""Tests that are not run over our model."""

HANDLES = "the handles of `_thread`, new in 3.13, are refused in a run"
KEPT = "it is about what is collected: an execution keeps everything until it ends"
SILENT = "it looks for a message on what our runtime reports instead"

UNCONTROLLED = {
    "*.test_weakref_deleted": KEPT,
    "*.test_local_refs": KEPT,
    "*.test_no_refcycle_through_target": KEPT,
    "*.test_free_reference*": KEPT,
    "*.test_reentrancy": KEPT,
    "*.ThreadPoolShutdownTest.test_del_shutdown": KEPT,
    "*.ThreadPoolShutdownTest.test_thread_names_*": KEPT,
    "*.test_at_fork_reinit": "a lock made anew, as after a fork, is refused in a run",
    "test_threading.ThreadTests.test_ident_of_no_threading_threads": PRIVATE,
    "test_threading.ThreadTests.*_all_threads": "what settrace is given is not called in a run",
    "*.test_excepthook_thread_None": "the hook in C tells the operating system's thread",
    "test_thread.ThreadRunningTests.*join*": HANDLES,
    "test_thread.ThreadRunningTests.*handle*": HANDLES,
    "test_thread.ThreadRunningTests.*unstarted": HANDLES,
    "*.FutureTests.test_done_callback_raises*": SILENT,
    "*.ThreadPoolFailingInitializerTest.*": SILENT,
    "*.test_idle_thread_reuse": "a thread of a pool gives its result first, and is idle later",
    "*.CSimpleQueueTest.test_references": KEPT,
    "test_queue.*many_threads*": "it has some hundred thousand steps",
}
"""Of the others, those that are not run under control."""

GIVES_UP = "its threads are joined with a timeout"
SOONER = "of two timeouts or sleeps the shorter one is to be over first"
WAITED_FOR = "what it waits for is to come before a timeout"
BLOCKED = "after a short sleep all the others are to be blocked"
TOO_LONG = "a wait is to take no more than ten times its timeout"

IN_TIME_ONLY = {
    "*LockTests.test_timeout": TOO_LONG,
    "test_threading.EventTests.test_timeout": TOO_LONG,
    "test_threading.ConditionTests.*timeout": TOO_LONG,
    "test_threading.BarrierTests.test_[abrtw]*": WAITED_FOR,
    "test_threading.EventTests.test_set_and_clear": BLOCKED,
    "test_queue.*QueueTest.test_*": GIVES_UP,
    "*.FutureTests.test_*": WAITED_FOR,
    "*.ThreadPoolWaitTests.test_*": SOONER,
    "*.test_future_times_out": SOONER,
    "*.test_map_timeout": SOONER,
    "*.test_no_stale_references": WAITED_FOR,
    "*.ThreadPoolShutdownTest.test_cancel_futures": SOONER,
}
"""Of those, the ones that hold only where time passes when nobody can go on."""

ENDS = {
    "*LockTests.test_acquire_destroy": Ending.ORPHAN,
    "*.test_locked_repr": Ending.ORPHAN,
    "*RLockTests.test_different_thread": Ending.ORPHAN,
    "test_threading.ThreadTests.test_old_threading_api": Ending.ORPHAN,
    "test_threading.ThreadTests.test_repr_stopped": Ending.ORPHAN,
    "test_threading.ThreadTests.test_join_with_timeout": Ending.ORPHAN,
    "test_threading.ExceptHookTests.test_excepthook": Ending.CRASH,
    "test_threading.ExceptHookTests.test_custom_excepthook_fail": Ending.CRASH,
    "test_threading.ExceptHookTests.test_original_excepthook": Ending.CRASH,
    "test_thread.ThreadRunningTests.test__count": Ending.ORPHAN,
    "test_thread.ThreadRunningTests.test_stack_size": Ending.ORPHAN,
    "test_thread.ThreadRunningTests.test_unraisable_exception": Ending.CRASH,
    "*.ThreadPoolWaitTests.test_all_completed": Ending.CRASH,
    "*.ThreadPoolWaitTests.test_first_exception": Ending.CRASH,
    "*.ThreadPoolWaitTests.test_first_exception_some_already_complete": Ending.CRASH,
}
"""Tests that do on purpose what is a finding: how they end under control."""

QUICK, LONG = 3, 25
"""Schedules of each test."""
QUICKLY = """
    test_threading.ThreadTests test_threading.ThreadingExceptionTests test_threading.ExceptHookTests
    test_threading.TimerTests test_threading.LockTests test_threading.CRLockTests
    test_threading.EventTests test_threading.ConditionTests test_threading.SemaphoreTests
    test_threading.BoundedSemaphoreTests test_threading.BarrierTests test_thread.LockTests
    test_queue.PyPriorityQueueTest test_queue.CSimpleQueueTest test_thread_pool.*
"""
"""The classes whose tests run by default, under control."""


def listed(name: str, known: dict[str, Any]) -> Any:
    """What a table says of a test; None if nothing."""
    return next((told for pattern, told in known.items() if fnmatchcase(name, pattern)), None)


def that_apply(module: str, *tables: dict[str, str]) -> Iterator[tuple[str, Case, str]]:
    """The module's tests that none of the tables names. Skips where there is no such module."""
    if not shipped(module):
        pytest.skip(f"this interpreter ships no test.{module}")
    for name, case in [*vars(load(f"test.{module}")).items()]:
        if isinstance(case, type) and issubclass(case, unittest.TestCase):
            for method in methods(case):
                whole = f"{module.rpartition('.')[2]}.{name}.{method}"
                if not any(listed(whole, table) for table in tables):
                    yield whole, case, method


def passes_freely(module: str) -> None:
    bad = {
        name: wrong
        for name, case, method in that_apply(module, NOWHERE)
        if (wrong := freely(case, method))
    }
    assert not bad, _listed(bad)


def _listed(bad: dict[str, str]) -> str:
    return "\n".join(f"\n{name}: {wrong}" for name, wrong in bad.items())


def passes_under_control(module: str, schedules: int, only: str = "*") -> None:
    bad = {}
    for name, case, method in that_apply(module, NOWHERE, UNCONTROLLED):
        if not any(fnmatchcase(name, f"{each}.*") for each in only.split()):
            continue
        ending = listed(name, ENDS)
        for in_time in (True, False):
            if in_time or not listed(name, IN_TIME_ONLY):
                wrong = under_control(case, method, schedules, in_time=in_time, ending=ending)
                if wrong:
                    bad[f"{name} {'in time' if in_time else 'at any time'}"] = wrong
    assert not bad, _listed(bad)


left_over = pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
modules = pytest.mark.parametrize("module", MODULES.split())


@left_over
@pytest.mark.parametrize(
    "module", [each for each in MODULES.split() if f" {each.rpartition('.')[2]}." in QUICKLY]
)
def test_the_chosen_ones_pass_under_control(module: str) -> None:
    passes_under_control(module, QUICK, QUICKLY)


@pytest.mark.fidelity
@left_over
@modules
def test_all_pass_under_control(module: str) -> None:
    passes_under_control(module, LONG)


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("module", ["test_thread", "test_threading_local"])
def test_the_chosen_ones_pass_freely(module: str) -> None:
    passes_freely(module)


@pytest.mark.fidelity
@pytest.mark.filterwarnings("ignore")
@modules
def test_all_pass_freely(module: str) -> None:
    passes_freely(module)
