"""What can a program that waits do? By an interpreter that knows none of our code.

Conditions are as in CPython's source, step by step: whom a timed wait has left stays in the queue
until it has the lock again, and who notifies without the lock tries to take it in order to see.
Semaphore, event and barrier are as in CPython's documentation: what an instruction does is one
step.
"""

from __future__ import annotations

from typing import Any

from tests.strategy.programs import Code
from tests.strategy.waiting import EXPIRED, LOCK_OF, PARTIES, PERMITS, RAISED

# What a thread is about that is in the middle of an instruction
AWAKE, ASLEEP, TIMED, NOTIFIED, OVER, PASSED, TRIED = range(7)

_START = ((0, 0), (-1, -1, -1), (0,), ((), (), ()), PERMITS, (False,), ((), False))
"""Variables; the locks' holders; how often the RLock is held; who waits on each condition;
permits; the event; who is at the barrier, and whether it is broken."""


class _Step:
    """One thread's step from one state to the next."""

    def __init__(self, code: Code, state: Any, thread: int) -> None:
        self.code, self.thread = code, thread
        self.positions, self.phases, self.saved, self.registers, *rest = map(list, state)
        (self.variables, self.owners, self.depth, self.queues, self.permits, self.event) = rest[:6]
        self.barrier = rest[6]

    def result(self) -> Any:
        positions, registers = self.positions, self.registers
        for thread, own in enumerate(self.code):  # what touches nothing shared
            while positions[thread] < len(own) and own[positions[thread]][0] == "if":
                positions[thread] += 1 + own[positions[thread]][1] * (registers[thread] % 2)
        parts = (positions, self.phases, self.saved, registers, self.variables, self.owners)
        more = (self.depth, self.queues, self.permits, self.event, self.barrier)
        return tuple(tuple(part) for part in (*parts, *more))

    def take(self) -> Any:
        thread = self.thread
        name, what, *rest = self.code[thread][self.positions[thread]]
        if self.phases[thread] != AWAKE:
            self._go_on(name, what)
        elif name in ("wait", "wait?"):
            self._wait(what, timed=name == "wait?")
        elif name in ("notify", "notify_all"):
            self._notify(what, everybody=name == "notify_all")
        elif name in ("meet", "meet?"):
            self._meet(timed=name == "meet?")
        elif name in ("event", "event?") and not self.event[0]:
            self.phases[thread] = TIMED if name == "event?" else ASLEEP
        else:
            self.positions[thread] += 1
            self._at_once(name, what, rest)
        return self.result()

    def _at_once(self, name: str, what: Any, rest: list[int]) -> None:
        """An instruction of one step."""
        thread, count = self.thread, 0
        failed = False
        if name == "r":
            self.registers[thread] = self.variables["xy".index(what)]
        elif name == "w":
            self.variables["xy".index(what)] = self.registers[thread] * 3 + thread + 1
        elif name in ("a", "t"):
            failed = not self._free(what)
            if not failed:
                self.owners[what] = thread
                self.depth[0] += what == 2
        elif name == "u":
            self.depth[0] -= what == 2
            if what != 2 or not self.depth[0]:
                self.owners[what] = -1
        elif name == "k":
            count = self.owners[what] >= 0
        elif name in ("p", "p?", "pt"):
            failed = not self.permits[what]
            self.permits[what] -= not failed
        elif name == "v":
            full = what == 1 and self.permits[what] == PERMITS[what]
            self.permits[what] += not full
            count = RAISED * full
        elif name == "set":
            self.event[0] = True
            for other in self._within("event"):
                self._done(other, 0)
        elif name == "clear":
            self.event[0] = False
        elif name == "is":
            count = self.event[0]
        if failed:
            self.positions[thread] += rest[0]
        self.registers[thread] += count + failed

    def _free(self, lock: int) -> bool:
        return self.owners[lock] < 0 or (lock == 2 and self.owners[lock] == self.thread)

    def _done(self, thread: int, count: int) -> None:
        """A thread's instruction has come to its end."""
        self.positions[thread] += 1
        self.phases[thread] = AWAKE
        self.registers[thread] += count

    def _within(self, name: str) -> list[int]:
        """The threads in the middle of an instruction of that name, with a timeout or without."""
        return [
            thread
            for thread, phase in enumerate(self.phases)
            if phase != AWAKE and self.code[thread][self.positions[thread]][0].rstrip("?") == name
        ]

    def _wait(self, condition: int, *, timed: bool) -> None:
        thread, lock = self.thread, LOCK_OF[condition]
        self.queues[condition] += (thread,)
        self.phases[thread] = TIMED if timed else ASLEEP
        self.owners[lock] = -1
        if lock == 2:
            self.saved[thread], self.depth[0] = self.depth[0], 0

    def _notify(self, condition: int, *, everybody: bool) -> None:
        lock = LOCK_OF[condition]
        if self.owners[lock] == self.thread:
            self._pop(condition, everybody=everybody)
            self._done(self.thread, 0)
        elif lock == 2:
            self._done(self.thread, RAISED)
        elif self.owners[lock] >= 0:
            self.phases[self.thread] = PASSED  # somebody holds the lock: that is all it can see
        else:
            self.owners[lock] = self.thread  # it tries to take the lock, in order to see
            self.phases[self.thread] = TRIED

    def _pop(self, condition: int, *, everybody: bool) -> None:
        queue = self.queues[condition]
        woken = queue if everybody else queue[:1]
        self.queues[condition] = queue[len(woken) :]
        for other in woken:
            if self.phases[other] != OVER:  # else it is spent on one whose time is over
                self.phases[other] = NOTIFIED

    def _go_on(self, name: str, what: int) -> None:
        """The next step of an instruction that has more than one."""
        thread, phase = self.thread, self.phases[self.thread]
        if phase == PASSED:
            self._pop(what, everybody=False)
            self._done(thread, 0)
        elif phase == TRIED:
            self.owners[LOCK_OF[what]] = -1
            self._done(thread, RAISED)
        elif name == "wait?" and phase == TIMED:
            self.phases[thread] = OVER
        elif name == "event?":
            self._done(thread, EXPIRED)
        elif name == "meet?":
            self._break()
        else:
            self.owners[LOCK_OF[what]] = thread
            if LOCK_OF[what] == 2:
                self.depth[0], self.saved[thread] = self.saved[thread], 0
            self.queues[what] = tuple(t for t in self.queues[what] if t != thread)
            self._done(thread, EXPIRED if phase == OVER else 0)

    def _meet(self, *, timed: bool) -> None:
        arrived, broken = self.barrier
        self.registers[self.thread] += 0 if broken else len(arrived)
        if broken:
            self._done(self.thread, RAISED)
        elif len(arrived) + 1 == PARTIES:
            self.barrier[0] = ()
            for thread in (*arrived, self.thread):
                self._done(thread, 0)
        else:
            self.barrier[0] += (self.thread,)
            self.phases[self.thread] = TIMED if timed else ASLEEP

    def _break(self) -> None:
        for thread in self.barrier[0]:
            self._done(thread, RAISED)
        self.barrier = [(), True]


def _enabled(code: Code, state: Any) -> list[int]:
    positions, phases, _, _, _, owners, _, _, permits, *_ = state
    found = []
    for thread, own in enumerate(code):
        if positions[thread] == len(own):
            continue
        phase = phases[thread]
        name, what, *_ = own[positions[thread]]
        if phase in (NOTIFIED, OVER):
            free = owners[LOCK_OF[what]] < 0
        elif phase == AWAKE and name == "a":
            free = owners[what] < 0 or (what == 2 and owners[what] == thread)
        elif phase == AWAKE and name == "p":
            free = permits[what] > 0
        else:
            free = phase != ASLEEP
        if free:
            found.append(thread)
    return found


def outcomes(code: Code, limit: int) -> set[Any] | None:
    """Every outcome there is: all reachable states, one by one. None if they are too many."""
    nothing = (0,) * len(code)
    start = _Step(code, (nothing,) * 4 + _START, 0).result()
    seen, todo, found = {start}, [start], set()
    while todo:
        state = todo.pop()
        enabled = _enabled(code, state)
        if not enabled:
            stuck = any(at < len(own) for at, own in zip(state[0], code, strict=True))
            found.add((stuck, *state[4], state[3]))
        for thread in enabled:
            after = _Step(code, state, thread).take()
            if after not in seen:
                seen.add(after)
                todo.append(after)
                if len(seen) > limit:
                    return None
    return found
