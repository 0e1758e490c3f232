"""How are traces made by hand, in a line per step?

story = Story("teller 1", "teller 2", watch={"alice.balance": "100"})
story.read(0, "alice.balance", 14, "100")
story.write(1, "alice.balance", 15, "40")
story.trace()
"""

from __future__ import annotations

from typing import Any

from pytest_bankrace.runtime.operation import Kind
from pytest_bankrace.verdict import Comparison, Failing, Frame, Step, Symptom, Trace, Waiting

BANK = {
    10: "def transfer(src, dst, amount):",
    11: "if src.balance < amount:",
    12: "with src.lock:",
    13: "with dst.lock:",
    14: "src.balance -= amount",
    15: "dst.balance += amount",
    16: "return",
    18: "lock = threading.Lock()",
    20: "total = alice.balance + bob.balance",
    21: "assert total == 200",
    24: "while not bank.open:",
    30: "with self.lock:",
}


def frame(line: int, function: str = "transfer") -> Frame:
    return Frame("/home/student/bank.py", line, function, BANK.get(line, ""))


CALL = Frame("/home/student/test_bank.py", 9, "test_it.<locals>.<lambda>", "lambda: transfer(…)")


class Story:
    """Collects steps; what is watched is kept up as writes are told."""

    def __init__(self, *threads: str, watch: dict[str, str] | None = None) -> None:
        self.threads = threads
        self.watch = dict(watch or {})
        self.initial = tuple(self.watch.values())
        self.steps: list[Step] = []
        self.waiting: list[Waiting] = []
        self._numbers: dict[str, int] = {}

    def step(
        self, thread: int, kind: Kind, target: str, line: int, value: str | None = None, **more: Any
    ) -> Story:
        owner, dot, key = target.rpartition(".")
        if kind not in (Kind.READ, Kind.WRITE):
            owner, key = target, "lock"
        elif not dot:
            owner, key = "", target
        where = more.get("location") or (self._numbers.setdefault(owner, len(self._numbers)), key)
        frames = more.get("frames", (frame(line), CALL))
        step = Step(thread, kind.value, target, where, frames, value, tuple(self.watch.values()))
        self.steps.append(step)
        return self

    def read(
        self, thread: int, target: str, line: int, value: str | None = None, **more: Any
    ) -> Story:
        return self.step(thread, Kind.READ, target, line, value, **more)

    def write(self, thread: int, target: str, line: int, value: str, **more: Any) -> Story:
        if target in self.watch:
            self.watch[target] = value
        return self.step(thread, Kind.WRITE, target, line, value, **more)

    def acquire(self, thread: int, lock: str, line: int, **more: Any) -> Story:
        return self.step(thread, Kind.ACQUIRE, lock, line, **more)

    def attempt(self, thread: int, lock: str, line: int, got: bool) -> Story:
        return self.step(thread, Kind.TRY, lock, line, str(got))

    def release(self, thread: int, lock: str, line: int, **more: Any) -> Story:
        return self.step(thread, Kind.RELEASE, lock, line, **more)

    def waits(
        self, thread: int, target: str, line: int, holder: int | None, taken: int = 0, **more: Any
    ) -> Story:
        frames = more.get("frames", (frame(line), CALL))
        took = more.get("took", (frame(taken), CALL) if taken else ())
        self.waiting.append(Waiting(thread, target, holder, frames, took))
        return self

    def trace(self, omitted: int = 0) -> Trace:
        return Trace(
            self.threads,
            tuple(self.steps),
            tuple(self.watch),
            self.initial,
            tuple(self.waiting),
            omitted,
        )


def at_end(left: str = "140", right: str = "200", operator: str = "==") -> Failing:
    source = f"alice.balance + bob.balance {operator} {right}"
    return Failing(
        Symptom.AT_END,
        predicate="at_end",
        source=source,
        comparison=Comparison(source, left, operator, right),
    )


def always(left: str = "-20") -> Failing:
    source = "alice.balance >= 0"
    return Failing(
        Symptom.ALWAYS,
        predicate="always",
        source=f"{source} and bob.balance >= 0",
        comparison=Comparison(source, left, ">=", "0"),
    )


def assertion(thread: int, error: str, line: int = 21) -> Failing:
    return Failing(Symptom.ASSERTION, thread, error=error, frames=(frame(line, "audit"), CALL))


WATCH = {"alice.balance": "100", "bob.balance": "100"}


def lost_update(*, first_lock: str = "", second_lock: str = "") -> Trace:
    """Teller 1 takes 60 from alice and teller 2 takes 30: teller 2's 70 is overwritten by 40."""
    s = Story("main", "teller 1", "teller 2", watch=WATCH)
    if first_lock:
        s.acquire(1, first_lock, 12)
    s.read(1, "alice.balance", 14, "100")
    if second_lock:
        s.acquire(2, second_lock, 30)
    s.read(2, "alice.balance", 15, "100").write(2, "alice.balance", 15, "70")
    if second_lock:
        s.release(2, second_lock, 30)
    s.write(1, "alice.balance", 14, "40")
    if first_lock:
        s.release(1, first_lock, 12)
    return s.trace()


def overdraft(*, locked: bool = True) -> Trace:
    """Both check 100 >= 60 before either takes 60; each taking is locked."""
    s = Story("main", "teller 1", "teller 2", watch=WATCH)
    s.read(1, "alice.balance", 11, "100")
    for thread, old, new in ((2, "100", "40"), (1, "40", "-20")):
        if thread == 2:
            s.read(2, "alice.balance", 11, "100")
        if locked:
            s.acquire(thread, "alice.lock", 12)
        s.read(thread, "alice.balance", 14, old).write(thread, "alice.balance", 14, new)
        if locked and thread == 2:
            s.release(thread, "alice.lock", 12)
    return s.trace()


def torn_read(*, lock: str = "") -> Trace:
    """The auditor reads alice before a transfer of 60 and bob after it."""
    s = Story("main", "teller", "auditor", watch=WATCH)
    s.read(2, "alice.balance", 20, "100")
    if lock:
        s.acquire(1, lock, 12)
    s.read(1, "alice.balance", 14, "100").write(1, "alice.balance", 14, "40")
    s.read(1, "bob.balance", 15, "100").write(1, "bob.balance", 15, "160")
    if lock:
        s.release(1, lock, 12)
    s.read(2, "bob.balance", 20, "160")
    return s.trace()


def halfway(*, lock: str = "") -> Trace:
    """The auditor comes between the two halves of a transfer of 60, and its assertion fails."""
    s = Story("main", "teller", "auditor", watch=WATCH)
    if lock:
        s.acquire(1, lock, 12)
    s.read(1, "alice.balance", 14, "100").write(1, "alice.balance", 14, "40")
    s.read(2, "alice.balance", 20, "40").read(2, "bob.balance", 20, "100")
    return s.trace()


def deadlock() -> Trace:
    s = Story("main", "teller 1", "teller 2")
    s.acquire(1, "alice.lock", 12).acquire(2, "bob.lock", 12)
    s.waits(1, "bob.lock", 13, 2, 12).waits(2, "alice.lock", 13, 1, 12)
    return s.trace()


def self_deadlock() -> Trace:
    s = Story("main", "teller 1")
    s.acquire(1, "bank.lock", 12)
    again = (frame(30, "Bank.withdraw"), frame(14), CALL)
    s.waits(1, "bank.lock", 30, 1, 12, frames=again)
    return s.trace()


def orphan(*, waiter: bool = True) -> Trace:
    s = Story("main", "teller 1", "teller 2", watch=WATCH)
    s.acquire(1, "alice.lock", 12).read(1, "alice.balance", 11, "100")
    if waiter:
        s.waits(2, "alice.lock", 12, 1, 12)
    return s.trace()


def livelock() -> Trace:
    s = Story("main", "teller 1")
    for _ in range(20):
        s.read(1, "bank.open", 24, "False")
    return s.trace()
