"""How does a student's file become a module that can be run ten thousand times?

It is read, rewritten and compiled once, and executed anew for every execution, so that nothing a
schedule leaves behind (a module-level lock, a balance) leaks into the next; unless it can be seen
that nothing was left behind (see `pristine.py`). Files beside it that
it imports are loaded the same way; `threading` and its like are the model's.
"""

from __future__ import annotations

import builtins
import importlib
import inspect
import linecache
import re
import sys
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from types import CodeType, ModuleType
from typing import Any

from pytest_bankrace.errors import MissingNameError, SubmissionError
from pytest_bankrace.model.later import GuardedModule
from pytest_bankrace.runtime import current
from pytest_bankrace.runtime.execution import Unwind
from pytest_bankrace.submission import dataclass_methods
from pytest_bankrace.submission.classes import number_instances
from pytest_bankrace.submission.pristine import Pristine
from pytest_bankrace.submission.rewriter import Instrumented, instrument
from pytest_bankrace.submission.unobserved import Unobserved, stored_attributes

_MODELLED = {
    **{name: name for name in ("_thread", "queue", "random", "threading", "time")},
    "concurrent.futures": "futures",
    "concurrent.futures.thread": "futures",
    "concurrent.futures._base": "futures",
}
"""The modules of the standard library that the model has, by its own names for them."""
_GUARDED = ("asyncio", "multiprocessing", "select", "selectors", "socket", "subprocess")

dataclass_methods.observe()
_compiled: dict[tuple[Path, bytes, frozenset[str]], Instrumented] = {}
_lock = threading.RLock()

instrumented: dict[str, tuple[Unobserved, ...]] = {}
"""The files that were rewritten, each with the places whose accesses no probe sees."""


def load_submission(path: str | Path) -> Submission:
    """A student's file, as an object whose attributes are its functions and classes.

    Nothing is read before the first attribute is asked for. Raises SubmissionError then, if the
    file is missing or broken, and MissingNameError, if it has no such name.
    """
    return Submission(Path(path))


class Submission:
    """A student's module. In a run, each execution sees a fresh one of its own."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._name = path.stem
        self._epoch: object = None
        self._now: tuple[object, ModuleType | None] = (None, None)
        """The student's module of an execution, with that execution's epoch."""
        self._fresh: dict[str, ModuleType] = {}
        self._pristine: Pristine | None = None
        """Of the one module in `_fresh`, where it may serve the next execution as well."""
        self._plain: dict[str, ModuleType] = {}
        self._files: dict[Path, Instrumented] = {}
        self._overrides: dict[str, Any] = {}
        self._builtins = {**BUILTINS, "__import__": self._import}

    def __repr__(self) -> str:
        return f"<submission {self._path}>"

    def __getattr__(self, name: str) -> Any:
        __tracebackhide__ = True
        runtime, (epoch, module) = current.active, self._now
        if runtime is None or epoch is not runtime.epoch:
            module = self._module()
        try:
            return getattr(module, name)
        except AttributeError:
            if name.startswith("__"):
                raise
            there = sorted(key for key in vars(module) if not key.startswith("_"))
            hint = f" It has: {', '.join(there)}." if there else " It is empty."
            raise MissingNameError(
                f"{self._path}: there is no `{name}` in it, and the test needs one.{hint}"
            ) from None

    def __setattr__(self, name: str, value: Any) -> None:
        """As on a module; set outside a run, every execution sees it (`monkeypatch`)."""
        if name.startswith("_"):
            object.__setattr__(self, name, value)
            return
        if current.active is None:
            self._pristine = None
            self._overrides[name] = value
        setattr(self._module(), name, value)

    def __delattr__(self, name: str) -> None:
        self._pristine = None
        self._overrides.pop(name, None)
        delattr(self._module(), name)

    def _module(self) -> ModuleType:
        runtime = current.active
        if runtime is None:
            return self._load(self._name, self._path, self._plain)
        with _lock:  # real threads may be the first to ask both at once
            new = self._epoch is not runtime.epoch
            if new:
                object.__setattr__(self, "_epoch", runtime.epoch)
                kept = self._pristine is not None and self._pristine.holds()
                if not kept or len(self._fresh) > 1:
                    self._pristine = None
                    self._fresh.clear()
            module = self._fresh.get(self._name)
            if module is None:
                with runtime.quietly():
                    module = self._load(self._name, self._path, self._fresh)
                if new and self._files[self._path].plain:
                    self._pristine = Pristine(vars(module))
            object.__setattr__(self, "_now", (runtime.epoch, module))
            return module

    @contextmanager
    def replaced_by(self, other: Submission) -> Iterator[None]:
        """Inside, executions see the module of another file in place of this one."""
        path, self._path, self._pristine = self._path, other._path, None
        try:
            yield
        finally:
            self._path, self._pristine = path, None

    def modules(self) -> Iterable[ModuleType]:
        """The modules of the current execution, the student's file first."""
        self._module()
        return self._fresh.values() if current.active is not None else self._plain.values()

    def _load(self, name: str, path: Path, modules: dict[str, ModuleType]) -> ModuleType:
        module = modules.get(name)
        if module is not None:
            return module
        file = self._files.get(path)
        if file is None:
            file = self._files[path] = _compile(path)
        module = modules[name] = ModuleType(name)
        namespace = vars(module)
        namespace["__file__"] = str(path)
        namespace["__builtins__"] = self._builtins
        before = sys.modules.get(name)
        sys.modules[name] = module  # dataclasses and typing look a class's module up there
        try:
            exec(file.code, namespace)
        except (Unwind, KeyboardInterrupt, SubmissionError):
            del modules[name]
            raise
        except BaseException as error:
            del modules[name]
            raise SubmissionError(_broken_import(path, error)) from None
        else:
            if path is self._path:
                namespace.update(self._overrides)
        finally:
            if before is None:
                sys.modules.pop(name, None)
            else:
                sys.modules[name] = before
        return module

    def _import(
        self,
        name: str,
        globals: dict[str, Any] | None = None,
        locals: dict[str, Any] | None = None,
        fromlist: tuple[str, ...] | None = (),
        level: int = 0,
    ) -> Any:
        """`import` inside a submission."""
        if level == 0:
            beside = self._path.parent / f"{name}.py"
            if beside.is_file():
                runtime = current.active
                if runtime is None:
                    return self._load(name, beside, self._plain)
                with runtime.quietly():  # as under the interpreter's import lock
                    return self._load(name, beside, self._fresh)
            if (found := modelled(name, fromlist)) is not None:
                return found
        return importlib.__import__(name, globals, locals, fromlist or (), level)


def modelled(name: str, fromlist: tuple[str, ...] | None) -> ModuleType | None:
    """The model's module of that name, or a guarded one; None for a module that is left alone."""
    top = name.partition(".")[0]
    if name in _MODELLED or top == "concurrent":
        found = importlib.import_module(f"pytest_bankrace.model.{_MODELLED.get(name, 'futures')}")
        return found if name in _MODELLED and (fromlist or "." not in name) else found.package
    if top in _GUARDED:
        importlib.import_module(name)
        return GuardedModule(name if fromlist else top)
    return None


def _identity(thing: object, /) -> int:
    """`id` inside a submission: the same number in every execution."""
    runtime = current.active
    return id(thing) if runtime is None else runtime.identity(thing)


def _build_class(*args: Any, **kwargs: Any) -> Any:
    """`class` inside a submission.

    See `classes.number_instances`.
    """
    made = builtins.__build_class__(*args, **kwargs)
    if not _is_decorated(args[0].__code__):
        number_instances(made)
    return made


@cache
def _is_decorated(body: CodeType) -> bool:
    """What decorates a class may give it a hash, or take it away: `classes.made` comes after."""
    return linecache.getline(body.co_filename, body.co_firstlineno).lstrip().startswith("@")


BUILTINS = {**vars(builtins), "id": _identity, "__build_class__": _build_class}
"""The builtins of a submission, but for its own `__import__`."""


def _compile(path: Path) -> Instrumented:
    """A file, rewritten and compiled. Raises SubmissionError with a sentence on what is wrong."""
    try:
        source = path.read_bytes()
    except FileNotFoundError:
        raise SubmissionError(
            f"{path} is missing: put your solution into a file of that name."
        ) from None
    except OSError as error:
        what = "is a folder: a Python file of that name is expected"
        if not path.is_dir():
            what = f"can't be read: {error.strerror}"
        raise SubmissionError(f"{path} {what}.") from None
    elsewhere = assigned_from_outside(path)
    key = (path, source, elsewhere)
    found = _compiled.get(key)
    if found is None:
        try:
            found = instrument(source, str(path), extra_shared=elsewhere)
        except SyntaxError as error:
            place = f"{path}:{error.lineno}" if error.lineno else str(path)
            text = f": {error.text.strip()}" if error.text else ""
            raise SubmissionError(f"{place}: this is not valid Python: {error.msg}{text}") from None
        except (ValueError, UnicodeDecodeError, RecursionError, MemoryError) as error:
            raise SubmissionError(f"{path}: this is not a Python file: {error}") from None
        _compiled[key] = found
    instrumented[str(path)] = found.unobserved
    return found


def assigned_from_outside(path: Path) -> frozenset[str]:
    """Names that another file in the folder assigns by `module.name = ...`."""
    others = [other for other in path.parent.glob("*.py") if other != path]
    files = [other for other in others if other.is_file()]
    return frozenset().union(*(_stored_in(other, other.stat().st_mtime_ns) for other in files))


@cache
def _stored_in(path: Path, changed: int) -> frozenset[str]:
    return stored_attributes(path)


def _broken_import(path: Path, error: BaseException) -> str:
    """`bank.py:7: importing it raised NameError: …`, with the line in the student's own file."""
    line, trace = "", error.__traceback__
    while trace is not None:
        if trace.tb_frame.f_code.co_filename == str(path):
            line = f":{trace.tb_lineno}"
        trace = trace.tb_next
    text = f": {error}" if str(error) else ""
    return f"{path}{line}: importing it raised {type(error).__name__}{text}"


_SIGNATURE_ERROR = re.compile(
    r"^(?P<name>[\w.]+)\(\) (takes|missing|got an unexpected|got multiple|got some)"
)


def explain_call(error: BaseException, submissions: Iterable[Submission]) -> str | None:
    """A sentence for a call that the student's function does not take; None for anything else.

    `bank.py:12: transfer(src, dst) can't be called as the test does: …`
    """
    matched = _SIGNATURE_ERROR.match(str(error)) if isinstance(error, TypeError) else None
    if matched is None:
        return None
    for submission in submissions:
        for module in [*submission._fresh.values(), *submission._plain.values()]:
            found: Any = module
            for part in matched["name"].split("."):
                found = getattr(found, part, None)
            code = getattr(found, "__code__", None)
            if code is None or _raised_inside(error, str(submission._path.parent)):
                continue
            return (
                f"{code.co_filename}:{code.co_firstlineno}: {matched['name']}"
                f"{inspect.signature(found)} can't be called the way the test calls it: {error}."
            )
    return None


def _raised_inside(error: BaseException, folder: str) -> bool:
    """True when the wrong call stands in the student's own code, rather than in the test."""
    trace, name = error.__traceback__, ""
    while trace is not None:
        name = trace.tb_frame.f_code.co_filename
        trace = trace.tb_next
    return name.startswith(folder) and not Path(name).name.startswith("test_")
