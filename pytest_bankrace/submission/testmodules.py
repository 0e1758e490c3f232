"""How are the accesses of a test module itself seen?

A test's thread functions and predicates touch shared state too. A test module that mentions
`race` is rewritten twice: by pytest, for its assertions, and then by us; and so are the files
beside it that it imports. Their `threading` is the model's, which outside a race is the real thing.
"""

from __future__ import annotations

import ast
import importlib
import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from importlib.abc import Loader
from importlib.machinery import ModuleSpec, PathFinder
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from _pytest.assertion.rewrite import AssertionRewritingHook, rewrite_asserts

from pytest_bankrace.runtime import current
from pytest_bankrace.submission.loader import (
    BUILTINS,
    assigned_from_outside,
    instrumented,
    modelled,
)
from pytest_bankrace.submission.rewriter import instrument

_RACE = re.compile(rb"\brace\b")


def find_spec(
    config: pytest.Config, finder: object, name: str, path: Any, target: Any
) -> ModuleSpec | None:
    """The spec of a test module that mentions `race`; None for every other module."""
    rewritten = _rewritten_by_pytest(name, path, target)
    spec = rewritten or PathFinder.find_spec(name, path, target)
    if spec is None or spec.origin is None or not spec.origin.endswith(".py"):
        return None
    file = Path(spec.origin)
    if not _is_test(config, file) or not _RACE.search(file.read_bytes()):
        return None
    return _spec(config, name, file, asserts=rewritten is not None)


def _rewritten_by_pytest(name: str, path: Any, target: Any) -> ModuleSpec | None:
    hook = next((one for one in sys.meta_path if isinstance(one, AssertionRewritingHook)), None)
    return None if hook is None else hook.find_spec(name, path, target)


def _is_test(config: pytest.Config, file: Path) -> bool:
    return any(file.match(pattern) for pattern in config.getini("python_files"))


def _spec(config: pytest.Config, name: str, file: Path, *, asserts: bool) -> ModuleSpec:
    return ModuleSpec(name, _Loader(config, file, asserts=asserts), origin=str(file))


class _Loader(Loader):
    def __init__(self, config: pytest.Config, file: Path, *, asserts: bool) -> None:
        self._config = config
        self._file = file
        self._asserts = asserts

    def create_module(self, spec: ModuleSpec) -> None:
        return None

    def exec_module(self, module: ModuleType) -> None:
        file = str(self._file)
        source = self._file.read_bytes()
        compile(source, file, "exec", dont_inherit=True)  # for its own errors
        tree = ast.parse(source, file)
        if self._asserts:
            rewrite_asserts(tree, source, file, self._config)
        test = _is_test(self._config, self._file)
        shared: frozenset[str] = frozenset() if test else assigned_from_outside(self._file)
        rewritten = instrument(source, file, tree=tree, extra_shared=shared)
        instrumented[file] = rewritten.unobserved
        namespace = vars(module)
        namespace["__file__"] = file
        namespace["__builtins__"] = {**BUILTINS, "__import__": self._import}
        exec(rewritten.code, namespace)

    def _import(
        self,
        name: str,
        globals: dict[str, Any] | None = None,
        locals: dict[str, Any] | None = None,
        fromlist: tuple[str, ...] | None = (),
        level: int = 0,
    ) -> Any:
        """`import` inside a test module, or a file beside it."""
        if level == 0 and (found := modelled(name, fromlist)) is not None:
            return found
        runtime = current.active
        with nullcontext() if runtime is None else runtime.quietly(), self._found_beside():
            return importlib.__import__(name, globals, locals, fromlist or (), level)

    @contextmanager
    def _found_beside(self) -> Iterator[None]:
        sys.meta_path.insert(0, self)
        try:
            yield
        finally:
            sys.meta_path.remove(self)

    def find_spec(self, name: str, path: Any = None, target: Any = None) -> ModuleSpec | None:
        """The spec of a file beside this one that it imports; None for every other module."""
        file = self._file.parent / f"{name.rpartition('.')[2]}.py"
        if not file.is_file() or file.name == "conftest.py" or _is_test(self._config, file):
            return None
        spec = PathFinder.find_spec(name, path, target)
        if spec is None or spec.origin != str(file):
            return None
        asserts = _rewritten_by_pytest(name, path, target) is not None
        return _spec(self._config, name, file, asserts=asserts)
