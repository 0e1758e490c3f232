"""How are the accesses of a test module itself seen?

A test's thread functions and predicates touch shared state too. A test module that mentions
`race` is rewritten twice: by pytest, for its assertions, and then by us. Its `threading` is the
model's, which outside a race is the real thing.
"""

from __future__ import annotations

import ast
import importlib
import re
import sys
from importlib.abc import Loader
from importlib.machinery import ModuleSpec, PathFinder
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from _pytest.assertion.rewrite import AssertionRewritingHook, rewrite_asserts

from pytest_bankrace.submission.loader import BUILTINS, instrumented, modelled
from pytest_bankrace.submission.rewriter import instrument

_RACE = re.compile(rb"\brace\b")


def find_spec(
    config: pytest.Config, finder: object, name: str, path: Any, target: Any
) -> ModuleSpec | None:
    """The spec of a test module that mentions `race`; None for every other module."""
    hook = next((one for one in sys.meta_path if isinstance(one, AssertionRewritingHook)), None)
    spec = hook.find_spec(name, path, target) if hook else PathFinder.find_spec(name, path, target)
    if spec is None or spec.origin is None or not spec.origin.endswith(".py"):
        return None
    file = Path(spec.origin)
    patterns = config.getini("python_files")
    if not any(file.match(pattern) for pattern in patterns) or not _RACE.search(file.read_bytes()):
        return None
    return ModuleSpec(name, _Loader(config, file, asserts=hook is not None), origin=str(file))


class _Loader(Loader):
    def __init__(self, config: pytest.Config, file: Path, *, asserts: bool) -> None:
        self._config = config
        self._file = file
        self._asserts = asserts

    def create_module(self, spec: ModuleSpec) -> None:
        return None

    def exec_module(self, module: ModuleType) -> None:
        source = self._file.read_bytes()
        compile(source, str(self._file), "exec", dont_inherit=True)  # for its own errors
        tree = ast.parse(source, str(self._file))
        if self._asserts:
            rewrite_asserts(tree, source, str(self._file), self._config)
        rewritten = instrument(source, str(self._file), tree=tree)
        instrumented[str(self._file)] = rewritten.unobserved
        namespace = vars(module)
        namespace["__file__"] = str(self._file)
        namespace["__builtins__"] = {**BUILTINS, "__import__": _import}
        exec(rewritten.code, namespace)


def _import(
    name: str,
    globals: dict[str, Any] | None = None,
    locals: dict[str, Any] | None = None,
    fromlist: tuple[str, ...] | None = (),
    level: int = 0,
) -> Any:
    """`import` inside a test module."""
    if level == 0 and (found := modelled(name, fromlist)) is not None:
        return found
    return importlib.__import__(name, globals, locals, fromlist or (), level)
