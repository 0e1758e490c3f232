"""What is `threading` inside a submission?

Its names mean what they mean in CPython, errors included, and are scheduled while a runtime is in
charge. A name that is not known here is the real thing outside a run, and refused in one.
"""

from __future__ import annotations

import sys
import threading as _real
from typing import Any

from pytest_bankrace.model import hooks
from pytest_bankrace.model.conditions import Barrier as Barrier
from pytest_bankrace.model.conditions import BoundedSemaphore as BoundedSemaphore
from pytest_bankrace.model.conditions import BrokenBarrierError as BrokenBarrierError
from pytest_bankrace.model.conditions import Condition as Condition
from pytest_bankrace.model.conditions import Event as Event
from pytest_bankrace.model.conditions import Semaphore as Semaphore
from pytest_bankrace.model.copies import copied
from pytest_bankrace.model.hooks import getprofile as getprofile
from pytest_bankrace.model.hooks import gettrace as gettrace
from pytest_bankrace.model.hooks import setprofile as setprofile
from pytest_bankrace.model.hooks import settrace as settrace
from pytest_bankrace.model.hooks import stack_size as stack_size
from pytest_bankrace.model.later import guarded
from pytest_bankrace.model.local import local as local
from pytest_bankrace.model.locks import Lock as Lock
from pytest_bankrace.model.locks import RLock as RLock
from pytest_bankrace.model.threads import Thread as Thread
from pytest_bankrace.model.threads import active_count as active_count
from pytest_bankrace.model.threads import activeCount as activeCount
from pytest_bankrace.model.threads import current_thread as current_thread
from pytest_bankrace.model.threads import currentThread as currentThread
from pytest_bankrace.model.threads import enumerate as enumerate
from pytest_bankrace.model.threads import get_ident as get_ident
from pytest_bankrace.model.threads import get_native_id as get_native_id
from pytest_bankrace.model.threads import main_thread as main_thread

__all__ = _real.__all__
TIMEOUT_MAX = _real.TIMEOUT_MAX
ThreadError = _real.ThreadError
ExceptHookArgs = _real.ExceptHookArgs
__excepthook__ = _real.__excepthook__
if hasattr(_real, "settrace_all_threads"):  # since 3.12
    settrace_all_threads = hooks.settrace_all_threads
    setprofile_all_threads = hooks.setprofile_all_threads
sys.modules[__name__].__class__ = hooks.HookedModule


def __getattr__(name: str) -> Any:
    value = globals()[name] = guarded("threading", name, getattr(_real, name))
    return value


Timer = copied(_real.Timer, __name__, {**vars(_real), "Thread": Thread, "Event": Event}, Thread)
