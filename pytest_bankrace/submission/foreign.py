"""Is this a lock, a queue or a thread of the real `threading`, which nobody here can schedule?

A helper module, a conftest.py or a library makes such ones. One that blocks in a run would wait for
a thread that stands still; one that does not would order threads unseen.
"""

from __future__ import annotations

from typing import Any, Final

from pytest_bankrace.runtime.current import Runtime
from pytest_bankrace.runtime.frames import frames

_FOREIGN: Final = {
    "_thread": {"RLock", "lock"},
    "threading": {"Barrier", "Condition", "Event", "Semaphore", "Thread", "_RLock"},
    "queue": {"Queue"},
    "_queue": {"SimpleQueue"},
    "concurrent.futures._base": {"Executor", "Future"},
}


def is_foreign(kinds: tuple[type, ...]) -> bool:
    """Whether a class, by its MRO, is one of the standard library's and none of the model's."""
    found = False
    for kind in kinds:
        module = kind.__module__
        if type(module) is not str or module.startswith("pytest_bankrace."):
            return False
        found = found or kind.__name__ in _FOREIGN.get(module, ())
    return found


def refuse_foreign(rt: Runtime, thing: Any) -> None:
    """Something real is used in a run: no verdict can be given. Real threads may use it."""
    if rt.own_workers or rt.current_task() is None:
        return
    where = frames(2, 1)
    at = f"{where[0].place} (`{where[0].source}`)" if where else "the program"
    rt.refuse(
        f"{at} uses a real {type(thing).__name__}, which can't be scheduled: it was made where"
        " `threading` is the real one"
    )
