"""Which operating-system threads carry the threads of a scenario?

One pool for the whole process: starting a thread costs more than a whole execution, and a pool
per exploration ends in "can't start new thread". A worker that never comes back (C code that
does not return, a student's loop that swallows every exception) is left behind and replaced.
"""

from __future__ import annotations

import os
import select
import sys
import threading
from _thread import allocate_lock, get_ident, start_new_thread
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial


class Baton:
    """A binary semaphore that begins taken: `release` lets one `acquire` go on.

    An event descriptor where the platform has it, because a lock spins before it sleeps on a
    free-threaded build, and takes 60 µs to hand over instead of 4. Otherwise a lock.
    """

    __slots__ = ("_fd", "_lock", "_poll", "acquire", "release")

    acquire: Callable[[], object]
    release: Callable[[], object]

    def __init__(self) -> None:
        if hasattr(os, "eventfd"):
            self._fd = os.eventfd(0, os.EFD_CLOEXEC)
            self._poll = select.poll()
            self._poll.register(self._fd, select.POLLIN)
            self.release = partial(os.eventfd_write, self._fd, 1)
            self.acquire = partial(os.eventfd_read, self._fd)
        else:
            self._lock = allocate_lock()
            self._lock.acquire()
            self.release = self._lock.release
            self.acquire = self._lock.acquire

    def acquire_within(self, seconds: float) -> bool:
        """Acquire, and return True; False when nobody has released it after `seconds`."""
        if not hasattr(os, "eventfd"):
            return self._lock.acquire(timeout=seconds)
        if not self._poll.poll(seconds * 1000):
            return False
        self.acquire()
        return True


class Worker:
    """An operating-system thread that runs one job whenever its baton is released."""

    __slots__ = ("baton", "ident", "job", "native_id")

    def __init__(self) -> None:
        self.baton = Baton()
        self.job: Callable[[], None] | None = None
        self.ident = 0
        self.native_id = 0
        started = allocate_lock()
        started.acquire()
        start_new_thread(self._work, (started.release,))
        started.acquire()

    def _work(self, started: Callable[[], None]) -> None:
        self.ident = get_ident()
        self.native_id = threading.get_native_id()
        if hook := threading.gettrace():
            sys.settrace(hook)  # as threading's own threads do it, for coverage.py
        started()
        acquire = self.baton.acquire
        while True:
            acquire()
            job = self.job
            if job is not None:
                job()


class Pool:
    """Workers by number. Grows as needed, and never shrinks."""

    def __init__(self) -> None:
        self.workers: list[Worker] = []
        self.done = Baton()
        """Released when a thread of an execution that is over has been unwound."""
        self.finished = Baton()
        """Released when the calling thread is wanted: all is over, or a worker is lost."""
        self._allowed: set[int] = set()
        self.abandoned: set[int] = set()
        """Identifiers of threads left behind: whatever they ask for later is refused."""

    def __getitem__(self, number: int) -> Worker:
        while len(self.workers) <= number:
            self.workers.append(Worker())
        return self.workers[number]

    def abandon(self, worker: Worker) -> None:
        """Leave a worker behind that will not come back, and put a new one in its place."""
        self.abandoned.add(worker.ident)
        self.workers[self.workers.index(worker)] = Worker()

    def abandon_all(self) -> None:
        """Leave all workers behind: they were interrupted at some unknown place."""
        self.abandoned.update(worker.ident for worker in self.workers)
        self.workers.clear()

    def drain(self) -> None:
        """Take back what an interrupted exploration may have released."""
        for baton in (self.done, self.finished):
            while baton.acquire_within(0):
                pass

    @contextmanager
    def pinned(self) -> Iterator[None]:
        """Keep the calling thread and all workers on one CPU.

        Only one of them runs at a time, and a hand-over costs 3-5 µs on one CPU against
        23-35 µs across two. Without effect where the platform can't pin a thread.
        """
        try:
            allowed = os.sched_getaffinity(0)
        except (AttributeError, OSError):
            yield
            return
        number = os.environ.get("PYTEST_XDIST_WORKER", "").removeprefix("gw")
        cpu = sorted(allowed)[int(number) % len(allowed)] if number.isdigit() else _cpu_here()
        self._allowed = allowed
        self._bind({cpu} & allowed or {min(allowed)})
        try:
            yield
        finally:
            self._bind(allowed)

    def unpin(self) -> None:
        """Give up the one CPU: somebody else is busy on it, and each hand-over waits for them."""
        if self._allowed:
            self._bind(self._allowed)

    def _bind(self, cpus: set[int]) -> None:
        for native_id in (0, *(worker.native_id for worker in self.workers)):
            try:
                os.sched_setaffinity(native_id, cpus)
            except OSError:  # a container may forbid it: slower, and as right
                return


def _cpu_here() -> int:
    """The CPU that the calling thread is on: the system has put it where there was room; or -1."""
    try:
        with open("/proc/thread-self/stat", "rb") as file:
            return int(file.read().rpartition(b")")[2].split()[36])
    except (OSError, ValueError, IndexError):
        return -1


pool = Pool()


def _after_fork() -> None:
    """A forked child has none of the parent's threads: it starts a pool of its own.

    One that is forked within a run has no place in it, and would never end.
    """
    if get_ident() in {worker.ident for worker in pool.workers}:
        os._exit(1)
    pool.__init__()  # type: ignore[misc]


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_after_fork)
