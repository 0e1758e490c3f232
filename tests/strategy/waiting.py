"""What do small random programs look like that wait for one another?

Beside the instructions of `programs`, of which "a", "t" and "u" have an RLock as lock 2:

    ("wait", c)       wait on condition c, whose lock is held
    ("wait?", c)      the same with a timeout; count 10 if it expired
    ("notify", c)     notify one; count 100 if that raised
    ("notify_all", c) notify all; count 100 if that raised
    ("p", s)          acquire semaphore s
    ("p?", s, n)      the same without blocking; if that failed, count 1 and skip n instructions
    ("pt", s, n)      the same with a timeout; if it expired, count 1 and skip n instructions
    ("v", s)          release semaphore s; count 100 if that raised
    ("set", e)        set the event
    ("clear", e)      clear it
    ("is", e)         count 1 when it is set
    ("event", e)      wait for it
    ("event?", e)     the same with a timeout; count 10 if it expired
    ("meet", b)       wait at the barrier, and count the place; count 100 if that raised
    ("meet?", b)      the same with a timeout

Conditions 0 and 1 are over lock 0, condition 2 is over lock 2. Semaphore 1 is bounded, semaphore 2
has no permit at first. The barrier is for two.
"""

from __future__ import annotations

from collections.abc import Callable
from random import Random
from typing import Any

from pytest_bankrace.model import threading
from tests.strategy.programs import Code, Program, State

LOCK_OF = (0, 0, 2)
PERMITS = (1, 1, 0)
PARTIES = 2
EXPIRED, RAISED = 10, 100

WAITS = frozenset(
    {"wait", "wait?", "notify", "notify_all", "p", "p?", "pt", "v"}
    | {"set", "clear", "is", "event", "event?", "meet", "meet?"}
)

Instruction = tuple[Any, ...]


def generate(random: Random) -> Code:
    """Threads that wait in one way or two; most of it well-formed."""
    if random.random() < 0.3:
        return _around_one_condition(random)
    threads = random.choice((2, 2, 3))
    ways = random.choice(
        (
            *([_condition],) * 3,
            *([_semaphore], [_event], [_barrier]),
            *([_condition, _semaphore], [_condition, _event], [_semaphore, _event]),
        )
    )
    return [_thread(random, 4 if threads == 3 else 6, ways) for _ in range(threads)]


def _around_one_condition(random: Random) -> Code:
    """3 or 4 threads, of which some wait on a condition and the others notify it."""
    condition = random.choice((0, 0, 2))
    lock = LOCK_OF[condition]

    def role(waits: bool) -> list[Instruction]:
        code: list[Instruction] = [("a", lock)]
        if random.random() < 0.3:
            code += [("r", "x"), ("if", 1)]
        if waits:
            code += [(random.choice(("wait", "wait?")), condition)]
        else:
            code += [(random.choice(("notify", "notify", "notify_all")), condition)]
        if random.random() < 0.3:
            code += [(random.choice("rw"), "x")]
        return [*code, ("u", lock)]

    waiting = random.randint(1, 2)
    threads = [role(waits=True) for _ in range(waiting)]
    threads += [role(waits=False) for _ in range(random.randint(1, 3 - waiting + 1))]
    for code in threads:
        if random.random() < 0.2:
            code += role(waits=random.random() < 0.4)
        elif random.random() < 0.2:
            code += [(random.choice("rw"), "x")]
    random.shuffle(threads)
    return threads


def careless(code: Code) -> bool:
    """Whether a thread may notify a condition over a Lock that it does not hold."""
    for own in code:
        held: set[int] = set()
        for name, what, *_ in own:
            if name in ("a", "t"):
                held.add(what)
            elif name == "u":
                held.discard(what)
            elif name == "notify" and LOCK_OF[what] == 0 and 0 not in held:
                return True
    return False


class _Writer:
    """Writes the code of one thread."""

    def __init__(self, random: Random, left: int) -> None:
        self.random = random
        self.left = left
        self.code: list[Instruction] = []
        self.held: list[int] = []

    def chance(self, share: float) -> bool:
        return self.random.random() < share

    def inside(self, take: Instruction, give: Instruction, body: Callable[[], None]) -> None:
        """`body` between taking and giving back; a try that may fail skips it all."""
        at = len(self.code)
        self.code.append(take)
        body()
        tries = take[0] in ("t", "p?", "pt")
        if tries or self.chance(0.95):
            self.code.append(give)
        if tries:
            self.code[at] = (*take, len(self.code) - at - 1)

    def locked(self, lock: int, body: Callable[[], None]) -> None:
        self.held.append(lock)
        self.inside(("t" if self.chance(0.2) else "a", lock), ("u", lock), body)
        self.held.pop()


def _thread(random: Random, size: int, ways: list[Callable[[_Writer], None]]) -> list[Instruction]:
    writer = _Writer(random, random.randint(2, size))
    while writer.left > 0:
        _some(writer, ways)
    return writer.code


def _some(writer: _Writer, ways: list[Callable[[_Writer], None]]) -> None:
    writer.left -= 1
    random, code = writer.random, writer.code
    lock = random.randrange(3)
    if writer.chance(0.45):
        random.choice(ways)(writer)
    elif writer.chance(0.4) and len(writer.held) < 2 and (lock not in writer.held or lock == 2):
        writer.locked(lock, lambda: _several(writer, ways))
    elif writer.chance(0.5):
        code.append(("r", random.choice("xy")))
    else:
        if writer.chance(0.2):
            code.append(("if", 1))
        code.append(("w", random.choice("xy")))


def _several(writer: _Writer, ways: list[Callable[[_Writer], None]]) -> None:
    for _ in range(writer.random.randint(1, 2)):
        if writer.left > 0:
            _some(writer, ways)


def _condition(writer: _Writer) -> None:
    condition = writer.random.choice((0, 0, 1, 2))
    name = writer.random.choice(("wait", "wait?", "notify", "notify", "notify_all"))

    def act() -> None:
        writer.code.append((name, condition))

    lock = LOCK_OF[condition]
    if lock in writer.held:
        act()
    elif writer.chance(0.2) and (name == "notify" or (name == "notify_all" and lock == 2)):
        act()  # without the lock
    elif len(writer.held) < 2:
        writer.locked(lock, act)


def _semaphore(writer: _Writer) -> None:
    semaphore = writer.random.randrange(3)
    if writer.chance(0.3):
        writer.code.append(("v", semaphore))
    else:
        take = (writer.random.choice(("p", "p?", "pt")), semaphore)
        writer.inside(take, ("v", semaphore), lambda: _several(writer, [_semaphore]))


def _event(writer: _Writer) -> None:
    name = writer.random.choice(("set", "set", "clear", "is", "event", "event?"))
    writer.code.append((name, 0))


def _barrier(writer: _Writer) -> None:
    writer.code.append((writer.random.choice(("meet", "meet", "meet?")), 0))


# -- Under our scheduler


class Waiting(State):
    """Beside the variables and locks, what can be waited for."""

    def __init__(self, threads: int) -> None:
        super().__init__(threads)
        locks = self.locks = [*self.locks, threading.RLock()]
        self.conditions = [threading.Condition(locks[lock]) for lock in LOCK_OF]
        kinds = (threading.Semaphore, threading.BoundedSemaphore, threading.Semaphore)
        self.semaphores = [kind(permits) for kind, permits in zip(kinds, PERMITS, strict=True)]
        self.event = threading.Event()
        self.barrier = threading.Barrier(PARTIES)


class WaitingProgram(Program):
    """A program as a scenario."""

    made = Waiting

    def _do(self, state: Any, thread: int, instruction: Instruction) -> int:
        name, what, *rest = instruction
        if name not in WAITS:
            return super()._do(state, thread, instruction)
        count = 0
        try:
            if name in ("p", "p?", "pt"):
                how: dict[str, Any] = {"p": {}, "p?": {"blocking": False}, "pt": {"timeout": 5}}
                if not state.semaphores[what].acquire(**how[name]):
                    state.registers[thread] += 1
                    return int(rest[0])
            elif name == "v":
                state.semaphores[what].release()
            elif name in ("notify", "notify_all"):
                getattr(state.conditions[what], name)()
            elif name in ("set", "clear"):
                getattr(state.event, name)()
            elif name == "is":
                count = state.event.is_set()
            else:
                timeout = 5 if name.endswith("?") else None
                if name.startswith("meet"):
                    count = state.barrier.wait(timeout)
                else:
                    thing = state.event if name.startswith("event") else state.conditions[what]
                    count = 0 if thing.wait(timeout) else EXPIRED
        except (RuntimeError, ValueError):
            count = RAISED
        state.registers[thread] += count
        return 0
