"""Small random programs, and what they can do, by an interpreter that knows none of our code.

A program is a list of instructions for each thread, over two variables and two locks:

    ("r", v)        register = v
    ("w", v)        v = register * 3 + thread + 1
    ("if", n)       skip n instructions when the register is odd
    ("a", l)        acquire lock l
    ("t", l, n)     try to acquire lock l; if it is taken, count 1 and skip n instructions
    ("u", l)        release lock l
    ("k", l)        count 1 when lock l is locked

Its outcome is what the variables and registers are when all is over, and whether it got stuck.
"""

from __future__ import annotations

from random import Random
from typing import Any

from pytest_bankrace.model.threading import Lock
from pytest_bankrace.runtime import current
from pytest_bankrace.runtime.execution import Ending, Execution
from pytest_bankrace.scenario import Scenario

Code = list[list[tuple[Any, ...]]]


def generate(random: Random, *, tries: bool) -> Code:
    """2 or 3 threads, with nested critical sections; some forget to release."""
    threads = random.choice((2, 2, 3))
    return [_thread(random, 4 if threads == 3 else 6, tries=tries) for _ in range(threads)]


def _thread(random: Random, size: int, *, tries: bool) -> list[tuple[Any, ...]]:
    left = random.randint(2, size)
    code: list[tuple[Any, ...]] = []

    def block(held: frozenset[int], depth: int) -> None:
        nonlocal left
        while left > 0:
            left -= 1
            chance = random.random()
            lock = random.randrange(2)
            if chance < 0.35 and depth < 2 and lock not in held:
                at = len(code)
                trying = tries and random.random() < 0.5
                code.append(("a", lock))
                block(held | {lock}, depth + 1)
                if trying or random.random() < 0.95:
                    code.append(("u", lock))
                if trying:
                    code[at] = ("t", lock, len(code) - at - 1)
            elif depth and chance > 0.8:
                return
            elif tries and chance > 0.72:
                code.append(("k", lock))
            elif chance < 0.55:
                code.append(("r", random.choice("xy")))
            else:
                if random.random() < 0.2:
                    code.append(("if", 1))
                code.append(("w", random.choice("xy")))

    block(frozenset(), 0)
    return code


# -- Under our scheduler


class State:
    """The shared variables, and a place for what each thread saw."""

    def __init__(self, threads: int) -> None:
        self.x = self.y = 0
        self.registers = [0] * threads
        self.locks: list[Any] = [Lock(), Lock()]


class Program:
    """A program as a scenario; `state` is the last execution's."""

    made: type[State] = State

    def __init__(self, code: Code) -> None:
        self.state = self.made(0)
        self._code = code
        bodies = [lambda *_, i=i: self._run(i) for i in range(len(code))]
        self.scenario = Scenario(self._setup, *bodies)

    def _setup(self) -> None:
        self.state = self.made(len(self._code))

    def _run(self, thread: int) -> None:
        state, code, at = self.state, self._code[thread], 0
        while at < len(code):
            at += 1 + self._do(state, thread, code[at])

    def _do(self, state: Any, thread: int, instruction: tuple[Any, ...]) -> int:
        """Carry out an instruction; how many are skipped then."""
        runtime, registers = current.active, state.registers
        assert runtime is not None
        name, what, *rest = instruction
        if name == "r":
            runtime.read(state, what)
            registers[thread] = getattr(state, what)
        elif name == "w":
            runtime.write(state, what)
            setattr(state, what, registers[thread] * 3 + thread + 1)
        elif name == "if":
            return int(what * (registers[thread] % 2))
        elif name == "a":
            state.locks[what].acquire()
        elif name == "t":
            if not state.locks[what].acquire(blocking=False):
                registers[thread] += 1
                return int(rest[0])
        elif name == "u":
            state.locks[what].release()
        elif name == "k":
            registers[thread] += state.locks[what].locked()
        return 0

    def outcome(self, execution: Execution) -> Any:
        failure, state = execution.failure, self.state
        assert failure is None or failure.ending in (Ending.BLOCKED, Ending.ORPHAN), failure
        stuck = failure is not None and failure.ending is Ending.BLOCKED
        return stuck, state.x, state.y, tuple(state.registers)


# -- By an interpreter of its own


def _next(code: Code, state: Any, thread: int) -> tuple[Any, ...] | None:
    position = state[0][thread]
    return code[thread][position] if position < len(code[thread]) else None


def _settle(code: Code, state: Any) -> Any:
    """Skip the instructions that touch nothing shared."""
    positions, registers, *rest = state
    positions = list(positions)
    for thread, own in enumerate(code):
        while positions[thread] < len(own) and own[positions[thread]][0] == "if":
            positions[thread] += 1 + own[positions[thread]][1] * (registers[thread] % 2)
    return (tuple(positions), registers, *rest)


def _enabled(code: Code, state: Any) -> list[int]:
    found = []
    for thread in range(len(code)):
        instruction = _next(code, state, thread)
        if instruction and not (instruction[0] == "a" and state[3][instruction[1]] >= 0):
            found.append(thread)
    return found


def _step(code: Code, state: Any, thread: int) -> Any:
    positions, registers, variables, owners = (list(part) for part in state)
    name, what, *rest = code[thread][positions[thread]]
    positions[thread] += 1
    if name == "r":
        registers[thread] = variables["xy".index(what)]
    elif name == "w":
        variables["xy".index(what)] = registers[thread] * 3 + thread + 1
    elif name == "a":
        owners[what] = thread
    elif name == "u":
        owners[what] = -1
    elif name == "k":
        registers[thread] += owners[what] >= 0
    elif owners[what] < 0:
        owners[what] = thread
    else:
        registers[thread] += 1
        positions[thread] += rest[0]
    return _settle(code, tuple(tuple(p) for p in (positions, registers, variables, owners)))


def _dependent(one: tuple[Any, ...], other: tuple[Any, ...]) -> bool:
    if one[1] != other[1]:
        return False
    names = {one[0], other[0]}
    return not names <= {"r"} and not names <= {"k"}


def _start(code: Code) -> Any:
    return _settle(code, ((0,) * len(code), (0,) * len(code), (0, 0), (-1, -1)))


def outcomes(code: Code) -> set[Any]:
    """Every outcome there is: all reachable states, one by one."""
    start = _start(code)
    seen, todo, found = {start}, [start], set()
    while todo:
        state = todo.pop()
        enabled = _enabled(code, state)
        if not enabled:
            stuck = any(_next(code, state, thread) for thread in range(len(code)))
            found.add((stuck, *state[2], state[1]))
        for thread in enabled:
            after = _step(code, state, thread)
            if after not in seen:
                seen.add(after)
                todo.append(after)
    return found


def traces(code: Code, limit: int) -> int:
    """The number of Mazurkiewicz traces, counted with sleep sets; at most about `limit`."""
    count = 0

    def walk(state: Any, asleep: frozenset[int]) -> None:
        nonlocal count
        enabled = _enabled(code, state)
        if not enabled:
            count += 1
        for thread in enabled:
            if thread in asleep or count > limit:
                continue
            mine = _next(code, state, thread)
            assert mine is not None
            still = set()
            for sleeper in asleep:
                its = _next(code, state, sleeper)
                assert its is not None
                if not _dependent(its, mine):
                    still.add(sleeper)
            walk(_step(code, state, thread), frozenset(still))
            asleep |= {thread}

    walk(_start(code), frozenset())
    return count
