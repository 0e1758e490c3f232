"""How are the programs under fails/ and passes/ run?

Each is a file as a student might write it, with `setup`, `threads` (its thread functions),
and perhaps `always` and `at_end`. The first line of a failing one names its finding. A passing one
is proved, unless a line that begins with `Survives:` says why not.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import wraps
from pathlib import Path
from typing import Any

from pytest_bankrace import Scenario, Submission, load_submission

HERE = Path(__file__).parent


def programs(folder: str) -> list[Path]:
    """The programs in fails/ or passes/."""
    found = sorted((HERE / folder).glob("*.py"))
    assert found
    return found


def nth(wanted: int, things: Iterable[Any]) -> Any:
    """One of several: by no subscript, which goes unseen where this file is not rewritten."""
    for index, thing in enumerate(things):
        if index == wanted:
            return thing
    raise IndexError(wanted)


def scenario_of(path: Path) -> tuple[Scenario, Submission]:
    """A program as a scenario. Its functions are looked up anew for every execution."""
    module = load_submission(path)

    def fresh(name: str, index: int | None = None) -> Callable[..., Any]:
        now = getattr(module, name)

        @wraps(now if index is None else now[index])
        def call(*state: Any) -> Any:
            function = getattr(module, name)
            return (function if index is None else nth(index, function))(*state)

        return call

    predicates = {name: fresh(name) for name in ("always", "at_end") if hasattr(module, name)}
    bodies = [fresh("threads", index) for index in range(len(module.threads))]
    return Scenario(fresh("setup"), *bodies, **predicates), module


def finding_of(path: Path) -> str:
    """The finding that a failing program names in its first line."""
    first = path.read_text().splitlines()[0]
    assert first.startswith('"""Finding: '), f"{path}: the first line names no finding"
    return first.removeprefix('"""Finding: ').strip()


def survives(path: Path) -> str:
    """Why a passing program is not proved; empty where it is."""
    lines = path.read_text().splitlines()
    return next((line for line in lines if line.startswith("Survives: ")), "")
