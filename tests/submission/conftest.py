"""Fixtures of the rewriter's tests."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from types import ModuleType
from typing import Any

import pytest

from pytest_bankrace.runtime import current
from pytest_bankrace.submission.locations import forget
from pytest_bankrace.submission.rewriter import instrument
from tests.submission.recording import Recorder


@pytest.fixture
def recorder() -> Iterator[Recorder]:
    yield Recorder(recording=True)
    current.active = None
    forget()


@pytest.fixture
def load() -> Callable[..., ModuleType]:
    """Rewrites and runs a source text; returns its module."""

    def load(source: str, **options: Any) -> ModuleType:
        made = instrument(source, "student.py", **options)
        module = ModuleType("student")
        module.__file__ = "student.py"
        exec(made.code, vars(module))
        return module

    return load
