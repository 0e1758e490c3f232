"""Runs one of CPython's own test modules, plain or rewritten, and prints its results as JSON.

    fidelity_runner.py plain|inactive|active TEST_MODULE [TARGET ...]

The test module (or package) and the target modules that it tests go through the rewriter; `active`
runs the tests with a runtime in charge that lets every operation happen at once.
"""

from __future__ import annotations

import importlib
import io
import json
import os
import sys
import unittest
from collections.abc import Hashable
from importlib.machinery import SourceFileLoader
from types import CodeType


class Counter:
    """A runtime that only counts."""

    recording = True
    own_workers = True

    def __init__(self) -> None:
        self.epoch = object()
        self.operations = 0

    def read(self, owner: object, key: Hashable, also: object = None) -> bool:
        hash(key)
        self.operations += 1
        return False

    def write(self, owner: object, key: Hashable) -> bool:
        hash(key)
        self.operations += 1
        return False

    def saw(self, value: object) -> None:
        pass

    def turn(self) -> None:
        self.tick()

    def doubt(self, reason: str) -> None:
        pass

    def stepped(self, generator: object) -> None:
        pass

    def order(self, thing: object) -> int:
        return object.__hash__(thing)

    def tick(self) -> None:
        pass


def main(mode: str, test_module: str, *targets: str) -> None:
    library = os.path.dirname(os.__file__)
    tests = os.path.join(library, "test", test_module.replace(".", "/"))
    wanted = {tests + ".py"}
    for target in targets:
        stem = os.path.join(library, target.replace(".", "/"))
        wanted |= {stem + ".py", stem + "/__init__.py"}
    rewritten = []
    if mode != "plain":
        from pytest_bankrace.submission.rewriter import instrument

        original = SourceFileLoader.get_code

        def get_code(self: SourceFileLoader, name: str) -> CodeType | None:
            path = self.get_filename(name)
            if path in wanted or path.startswith(tests + "/"):
                rewritten.append(path)
                return instrument(self.get_data(path), path).code
            return original(self, name)

        SourceFileLoader.get_code = get_code  # type: ignore[method-assign]
    for target in targets:
        for name in list(sys.modules):
            if name == target or name.startswith(target + "."):
                del sys.modules[name]
    for target in targets:
        importlib.import_module(target)
    counter = Counter()
    if mode == "active":
        from pytest_bankrace.runtime import current

        current.active = counter  # type: ignore[assignment]
    sys.argv = ["test"]
    from test import support

    support.use_resources = []  # type: ignore[attr-defined]
    module = importlib.import_module(f"test.{test_module}")
    suite = unittest.defaultTestLoader.loadTestsFromModule(module)
    output = io.StringIO()
    result = unittest.TextTestRunner(stream=output, verbosity=0).run(suite)
    if mode == "active":
        current.active = None
    bad = {
        test.id(): text.strip().splitlines()[-1][:200]
        for test, text in [*result.failures, *result.errors]
    }
    if os.environ.get("FIDELITY_TRACEBACKS"):
        print(output.getvalue(), file=sys.stderr)
    print()
    print(
        json.dumps(
            {
                "run": result.testsRun,
                "skipped": len(result.skipped),
                "bad": bad,
                "rewritten": len(rewritten),
                "operations": counter.operations,
            }
        )
    )


main(*sys.argv[1:])
