"""Does every execution find a submission as its code leaves it, whether it is run again or not?"""

from __future__ import annotations

from pathlib import Path

import pytest

from pytest_bankrace import Scenario, load_submission
from pytest_bankrace.runtime.controlled import Controlled
from pytest_bankrace.strategy.walk import RandomWalk
from pytest_bankrace.submission.loader import Submission

ACCOUNT = """
import threading
from decimal import Decimal

LIMIT = (1, -2)

class Account:
    bank = "ours"
    __slots__ = ("_balance", "lock")

    def __init__(self, balance=100, *, limit: int = 0) -> None:
        self._balance, self.lock = balance, threading.Lock()

    @property
    def balance(self) -> Decimal:
        return self._balance

class Overdrawn(Exception):
    pass

def use(account):
    with account.lock:
        account._balance -= 1
"""
SIMPLE = """
class Account:
    def __init__(self):
        self.balance = 100

def use(account):
    {use}

def help(): pass
"""


def used_twice(submission: Submission) -> tuple[object, object]:
    """The module that each of two executions ran."""
    seen: list[object] = []

    def setup() -> object:
        seen.append(next(iter(submission.modules())))
        return submission.Account()

    runtime = Controlled(Scenario(setup, lambda account: submission.use(account)))
    for _ in range(2):
        assert runtime.run(RandomWalk(0)).failure is None
    return seen[0], seen[1]


def submission_of(folder: Path, text: str) -> Submission:
    (folder / "bank.py").write_text(text)
    return load_submission(folder / "bank.py")


@pytest.mark.parametrize("text", [ACCOUNT, SIMPLE.format(use="account.balance -= 1")])
def test_what_only_defines_is_kept(text: str, tmp_path: Path) -> None:
    first, second = used_twice(submission_of(tmp_path, text))
    assert first is second


@pytest.mark.parametrize(
    "use",
    [
        "globals()['extra'] = 1",
        "global LIMIT; LIMIT = 1",
        "global help; del help",
        "help.calls = 1",
        "Account.rate = 2",
        "Account.__init__.calls = 2",
        "help.__kwdefaults__",
        "help.__doc__ = 'changed'",
        "import helper",
    ],
)
def test_what_has_changed_is_not_kept(use: str, tmp_path: Path) -> None:
    (tmp_path / "helper.py").write_text("balance = 1\n")
    first, second = used_twice(submission_of(tmp_path, SIMPLE.format(use=use)))
    assert first is not second


@pytest.mark.parametrize(
    "more",
    [
        "accounts = []",
        "LOCK = __import__('threading').Lock()",
        "def open(accounts=[]): pass",
        "def open(*, accounts={}): pass",
        "def open(account: print()): pass",
        "import functools\n@functools.cache\ndef load(): pass",
        "import helper",
        "import enum\nclass Kind(enum.Enum): ONE = 1",
        "class Bank:\n    accounts = {}",
        "class Bank:\n    name: str = 'ours'",
        "class Bank:\n    print()",
        "if True: RATE = 1",
        "RATE = int(1)",
    ],
)
def test_what_may_change_unseen_is_not_kept(more: str, tmp_path: Path) -> None:
    (tmp_path / "helper.py").write_text("balance = 1\n")
    text = f"{SIMPLE.format(use='pass')}\n{more}\n"
    first, second = used_twice(submission_of(tmp_path, text))
    assert first is not second


def test_what_is_set_from_outside_is_seen_by_the_next_execution(tmp_path: Path) -> None:
    submission = submission_of(tmp_path, SIMPLE.format(use="account.balance -= RATE") + "RATE = 1")
    first, _ = used_twice(submission)
    submission.RATE = 2
    second, _ = used_twice(submission)
    assert first is not second
    assert vars(second)["RATE"] == 2  # type: ignore[arg-type]
