"""What do locks, semaphores and condition variables mean under control?

Acquiring a lock is what can block, and taking one of a stock, such as a semaphore's or a queue's
items; and so is going on after a wait, until the thread is notified and the lock is free: the two
are one step. A timed wait never blocks: it expires when it is let go
on while what it waits for is not there. As in CPython, whom a timed wait has left stays in the
queue until it has the lock again, and a notification may be spent on it.
"""

from __future__ import annotations

from _thread import get_ident
from abc import abstractmethod
from collections.abc import Hashable
from functools import partial
from typing import Any

from pytest_bankrace.runtime.execution import Deferred
from pytest_bankrace.runtime.identity import Known
from pytest_bankrace.runtime.operation import ANYBODY, NOBODY, STRUCTURE, Kind, Operation
from pytest_bankrace.runtime.scheduler import Scheduler
from pytest_bankrace.runtime.waits import Lockable, Stock, Task, Waitable, Waiter

LATE = 1e-6
"""Seconds by which a wait takes longer than its timeout: some code asks whether more passed."""


class Locking(Scheduler):
    """The runtime's locks and conditions."""

    epoch: object
    locks: list[Lockable]
    stocks: list[Stock]

    @abstractmethod
    def sight(self, thing: object, *, made: bool = False) -> Known:
        """The number and the operations of an object."""

    # -- Locks

    def born(self, handle: object) -> None:
        if get_ident() == self._current.ident:
            self.sight(handle, made=True)

    def number(self, thing: object) -> int:
        return self.sight(thing, made=True).index

    def adopt(self, handle: Any, reentrant: bool) -> Lockable:
        """The state of a lock in this execution."""
        known = self.sight(handle)
        lock = handle.state = Lockable(self.epoch, handle, reentrant)
        get = partial(self.operations.get, only=known.only)
        where = (known.index, "lock")
        lock.acquire = get(Kind.ACQUIRE, where)
        lock.try_ = get(Kind.TRY, where)
        lock.timed = get(Kind.TIMED, where)
        lock.release = get(Kind.RELEASE, where)
        lock.locked = get(Kind.LOCKED, where)
        self.locks.append(lock)
        return lock

    def acquire(self, lock: Lockable, blocking: bool, timeout: float) -> bool:
        task = self._current
        if self._unwinding or get_ident() != task.ident:
            return not self.out_of_turn()
        if lock.reentrant and lock.holder is task:
            lock.count += 1
            return True
        if self._aside:
            if lock.busy and blocking and timeout < 0:
                if task is self._observer:
                    raise Deferred(lock)
                self._wait_for(task, lock, lock.acquire)
        elif not blocking:
            self.announce(lock.try_, lock.handle, STRUCTURE)
        elif timeout >= 0:
            self.announce(lock.timed, lock.handle, STRUCTURE)
        else:
            self._wait_for(task, lock, lock.acquire)
        if lock.busy:
            self._wait_out(task, timeout)
            self._refused(lock)
            return False
        if not blocking or timeout >= 0:
            self._progress = len(self._schedule)
        lock.busy, lock.holder, lock.count = True, task, 1
        lock.since = len(self._schedule)
        lock.mutex = blocking and timeout < 0 and not lock.signal
        return True

    def _refused(self, lock: Lockable) -> None:
        """A lock is taken: another time it may be free, if it is ever let go of."""
        if (lock.holder is None or lock.holder.busy) and lock.since > self._progress:
            self._progress = len(self._schedule)

    def _wait_for(
        self, task: Task, target: Lockable | Stock | Waiter | Task, operation: Operation
    ) -> None:
        handle = target.condition.handle if isinstance(target, Waiter) else target.handle
        task.wants = target
        self.announce(operation, handle, STRUCTURE)
        task.wants = None

    def _wait_out(self, task: Task, seconds: float) -> None:
        """A timeout is over. Nanoseconds: a sum of whole numbers is the same in any order."""
        if seconds >= 0:
            task.waited += seconds + LATE
            self.clock += round(seconds * 1e9)

    def waited(self) -> float:
        """Seconds of timeouts that the current thread has waited out."""
        return self._current.waited

    def release(self, lock: Lockable) -> None:
        task = self._current
        if self._unwinding:
            # A `finally` on the way out: it must not raise, or the unwinding would be lost.
            lock.busy, lock.holder, lock.count = False, None, 0
            return
        if get_ident() != task.ident:
            self.out_of_turn()
            return
        if lock.reentrant and lock.holder is not task:
            raise RuntimeError("cannot release un-acquired lock")
        if lock.count > 1:
            lock.count -= 1
            return
        if not self._aside:
            self.announce(lock.release, lock.handle, STRUCTURE)
        if not lock.busy:
            raise RuntimeError("release unlocked lock")
        self._let_go(lock, task)

    def _let_go(self, lock: Lockable, task: Task) -> None:
        if lock.holder is not task:
            lock.mutex, lock.signal = False, True
        lock.busy, lock.holder, lock.count = False, None, 0

    def locked(self, lock: Lockable) -> bool:
        if not self._aside and get_ident() == self._current.ident:
            self.announce(lock.locked, lock.handle, STRUCTURE)
            if lock.busy:
                self._refused(lock)
        return lock.busy

    def owns(self, lock: Lockable) -> bool:
        """Whether the current thread holds a lock: no other can change that."""
        return lock.holder is self._current and get_ident() == self._current.ident

    def _orphan(self) -> Lockable | None:
        whole = not self._scenario.threads
        for lock in self.locks:
            holder = lock.holder
            if lock.busy and lock.mutex and holder is not None and not holder.busy:
                if holder.index == 0 and not whole:
                    continue  # taken in setup, for a thread to release
                return lock
        return None

    # -- Stocks

    def adopt_stock(self, handle: Any, count: int, most: int | None) -> Stock:
        """The state of a semaphore, or of a queue's items, in this execution."""
        known = self.sight(handle)
        stock = handle.state = Stock(self.epoch, handle, count, most)
        stock.take = self._on_stock(Kind.TAKE, known, stock)
        stock.try_ = self._on_stock(Kind.TRY_TAKE, known, stock)
        stock.timed = self._on_stock(Kind.TIMED_TAKE, known, stock)
        self.stocks.append(stock)
        return stock

    def _on_stock(self, kind: Kind, known: Known, stock: Stock, gives: int = 0) -> Operation:
        operation = self.operations.get(kind, (known.index, "stock"), only=known.only, gives=gives)
        operation.initial, operation.most = stock.initial, stock.most
        return operation

    def take(self, stock: Stock, blocking: bool, timeout: float | None) -> bool:
        """Take one; False when there was none, or none in time."""
        task = self._current
        if self._unwinding or get_ident() != task.ident:
            return not self.out_of_turn()
        if self._aside:
            if stock.busy and blocking and timeout is None:
                if task is self._observer:
                    raise Deferred(stock)
                self._wait_for(task, stock, stock.take)
        elif not blocking:
            self.announce(stock.try_, stock.handle, STRUCTURE)
        elif timeout is not None:
            self.announce(stock.timed, stock.handle, STRUCTURE)
        else:
            self._wait_for(task, stock, stock.take)
        if not blocking or timeout is not None:
            self._progress = len(self._schedule)  # another time it may be otherwise
        if stock.busy:
            self._wait_out(task, timeout or 0.0)
            return False
        stock.count -= 1
        return True

    def give(self, stock: Stock, count: int) -> bool:
        """Give some back; False, and none is given, when they would be too many."""
        if self._unwinding or get_ident() != self._current.ident:
            self.out_of_turn()
            return True
        if not self._aside:
            operation = stock.gives.get(count)
            if operation is None:
                known = self.sight(stock.handle)
                operation = self._on_stock(Kind.GIVE, known, stock, count)
                stock.gives[count] = operation
            self.announce(operation, stock.handle, STRUCTURE)
        if stock.count + count > stock.most:
            return False
        stock.count += count
        return True

    def progressed(self) -> None:
        self._progress = len(self._schedule)

    def _counts(self) -> tuple[int, ...]:
        return tuple(stock.count for stock in self.stocks)

    def left(self, stock: Stock) -> int:
        """How many are there."""
        self._touch(Kind.LOOK, stock.handle, "stock")
        return stock.count

    # -- What is built of them

    def look(self, owner: object, key: Hashable) -> None:
        self._touch(Kind.LOOK, owner, key)

    def change(self, owner: object, key: Hashable) -> None:
        self._touch(Kind.CHANGE, owner, key)

    def _touch(self, kind: Kind, owner: object, key: Hashable) -> None:
        if self._aside or get_ident() != self._current.ident:
            self.out_of_turn()
            return
        known = self.sight(owner)
        operation = self.operations.get(kind, (known.index, key), only=known.only)
        self.announce(operation, owner, key)

    # -- Conditions

    def adopt_condition(self, handle: Any, lock: Lockable | None) -> Waitable:
        """The state of a condition in this execution."""
        known = self.sight(handle)
        only, where = known.only, [(known.index, "waiters")]
        condition = handle.state = Waitable(self.epoch, handle, lock)
        condition.notify = self.operations.get(Kind.NOTIFY, *where, only=only)
        condition.wake = self.operations.get(Kind.WAKE, *where, only=only)
        if lock is not None:
            owner = self.sight(lock.handle)
            only = one_thread(known, owner)
            where.insert(0, (owner.index, "lock"))
        condition.wait = self.operations.get(Kind.WAIT, *where, only=only)
        condition.reacquire = self.operations.get(Kind.REACQUIRE, *where, only=only)
        return condition

    def enlist(self, condition: Waitable) -> Waiter:
        """Join those who wait; the lock is released in the same step."""
        task, lock = self._current, condition.lock
        waiter = Waiter(task, condition)
        if self._unwinding or get_ident() != task.ident:
            self.out_of_turn()
            return waiter
        if task is self._observer:
            self.refuse("a predicate waits on a condition, and nobody else runs meanwhile")
        if not self._aside:
            self.announce(condition.wait, condition.handle, STRUCTURE)
        waiter.count = lock.count if lock is not None else 0
        condition.waiters.append(waiter)
        if lock is not None:
            self._let_go(lock, task)
        return waiter

    def wake(self, waiter: Waiter, timeout: float | None) -> bool:
        """Wait to be notified, and for the lock. False when the timeout came first."""
        task, condition = self._current, waiter.condition
        lock = condition.lock
        if self._unwinding or get_ident() != task.ident:
            return self.out_of_turn()
        if timeout is not None:
            if not self._aside:
                self.announce(condition.wake, condition.handle, STRUCTURE)
            waiter.awake = True
            if not waiter.notified:
                self._wait_out(task, timeout)
        in_time = timeout is None or waiter.notified
        if timeout is None or (lock is not None and not self._aside):
            self._wait_for(task, waiter, condition.reacquire)
        if lock is not None:
            lock.busy, lock.holder, lock.count = True, task, waiter.count
            lock.since = len(self._schedule)
            lock.mutex = not lock.signal
            if not in_time:
                self.delist(waiter)
        return in_time

    def delist(self, waiter: Waiter) -> None:
        """Leave those who wait."""
        if not waiter.notified and waiter in waiter.condition.waiters:
            waiter.condition.waiters.remove(waiter)

    def notify(self, condition: Waitable, count: int | None) -> list[Task]:
        """Notify that many waiting threads, or all; who they are."""
        if self._unwinding or get_ident() != self._current.ident:
            self.out_of_turn()
            return []
        if not self._aside:
            self.announce(condition.notify, condition.handle, STRUCTURE)
        waiters = condition.waiters
        woken: list[Task] = []
        while waiters and (count is None or len(woken) < count):
            waiter = waiters.popleft()
            waiter.notified = True
            woken.append(waiter.task)
        return woken


def one_thread(known: Known, other: Known) -> int:
    """The one thread by which two objects together are the same ones in every execution."""
    if other.only in (known.only, ANYBODY):
        return known.only
    return other.only if known.only == ANYBODY else NOBODY
