"""What is to be run, and how much of it?

A scenario is a program in the small: fresh state, the bodies of a few threads, and what must
hold. A budget says how far an exploration of it may go.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from pytest_bankrace.errors import UsageError

Predicate = Callable[..., object]


@dataclass(frozen=True)
class Budget:
    """How much exploring may be spent on one scenario.

    The first limit that is reached ends the exploration, and the verdict is then SURVIVED.
    """

    schedules: int = 10_000
    """Executions at most."""
    seconds: float = 2.0
    """Wall-clock seconds, after which no schedule is begun; five times as many for the first 500
    schedules, so that a busy machine finds what an idle one does."""
    seed: int = 0
    """Seeds every random choice; the same seed gives the same verdict."""
    steps: int = 20_000
    """Operations at most in one execution; see `runtime.controlled`."""

    def __post_init__(self) -> None:
        for name, least in (("schedules", 1), ("seconds", 0), ("steps", 1), ("seed", 0)):
            value = getattr(self, name)
            whole = name != "seconds"
            if isinstance(value, bool) or not isinstance(value, int if whole else (int, float)):
                kind = "a whole number" if whole else "a number"
                raise UsageError(f"{name}={value!r}: {name} must be {kind}.")
            if not value >= least:
                raise UsageError(f"{name}={value!r}: {name} must be at least {least}.")


@dataclass(frozen=True, slots=True, init=False)
class Scenario:
    """Fresh state, the threads that share it, and what must hold.

    ``setup()`` builds the state anew for every execution. What it returns is passed to each
    thread and each predicate: a tuple is unpacked, None gives nothing. With no threads,
    ``setup`` is the whole program, and the threads are those that it starts.

    ``always`` must hold after every step, ``at_end`` once all threads have ended. A predicate
    fails by returning False or by a failing ``assert``.

    >>> Scenario(lambda: (1, 2), lambda a, b: None).names
    ('a', 'b')
    """

    setup: Callable[[], Any]
    threads: tuple[Callable[..., object], ...]
    always: Predicate | None = None
    at_end: Predicate | None = None
    names: tuple[str, ...] = field(default=())
    """What the threads call the parts of the state: `alice`, `bob`."""

    def __init__(
        self,
        setup: Callable[[], Any],
        *threads: Callable[..., object],
        always: Predicate | None = None,
        at_end: Predicate | None = None,
    ) -> None:
        for what, function in (
            ("setup", setup),
            *((f"thread {i}", body) for i, body in enumerate(threads, 1)),
            ("always", always),
            ("at_end", at_end),
        ):
            optional = what in ("always", "at_end")
            if not callable(function) and not (optional and function is None):
                raise UsageError(
                    f"{what} is {function!r}, which can't be called: pass a function, such as"
                    " `lambda alice, bob: submission.transfer(alice, bob, 60)`."
                )
            if inspect.iscoroutinefunction(function):
                raise UsageError(
                    f"{what} is an async function: races are between threads, pass a plain one."
                )
        if always is not None and not threads:
            raise UsageError(
                "`always` is given without thread functions: setup is then the whole program, and"
                " there is no state to look at while it runs. Check in setup, or pass threads."
            )
        object.__setattr__(self, "setup", setup)
        object.__setattr__(self, "threads", threads)
        object.__setattr__(self, "always", always)
        object.__setattr__(self, "at_end", at_end)
        object.__setattr__(self, "names", _parameter_names(*threads, always, at_end))


def _parameter_names(*functions: Callable[..., object] | None) -> tuple[str, ...]:
    """The positional parameters of the first function that has any."""
    for function in functions:
        if function is None:
            continue
        try:
            parameters = inspect.signature(function).parameters.values()
        except (TypeError, ValueError):
            continue
        names = tuple(
            p.name
            for p in parameters
            if p.kind is not p.VAR_KEYWORD and p.kind is not p.VAR_POSITIONAL
        )
        if names:
            return names
    return ()
