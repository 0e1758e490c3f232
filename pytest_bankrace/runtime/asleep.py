"""Does a thread wait for something in the kernel, rather than run?

One that reaches no probe may compute, and come to its end. One that is asleep each time it is
looked at, and has used no time of a CPU in between, waits for a real lock, for a socket, for a
key to be pressed: nothing here will wake it. A thread that waits for its turn on a busy machine is
not asleep, and one that waits for the interpreter's own lock (GIL) wakes up every few
milliseconds to ask for it, which takes time.
"""

from __future__ import annotations

import time
from pathlib import Path

from pytest_bankrace.runtime.workers import Worker

LOOK_SECONDS = 0.25
"""From one look to the next."""
_ASLEEP = frozenset(b"SD")


def time_asleep(worker: Worker) -> float | None:
    """The CPU time of a thread that is asleep; None of one that runs, or where it can't be told."""
    try:
        status = Path(f"/proc/self/task/{worker.native_id}/stat").read_bytes()
        clock = time.pthread_getcpuclockid(worker.ident)
    except (OSError, AttributeError):
        return None
    if status[status.rindex(b")") + 2] not in _ASLEEP:
        return None
    return time.clock_gettime(clock)
