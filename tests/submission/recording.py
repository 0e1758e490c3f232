"""A runtime that lets everything happen at once, and writes down what was announced."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from typing import Any

from pytest_bankrace.runtime import current


class Recorder:
    """Each announced operation, as (kind, owner, key[, second owner])."""

    def __init__(self, *, recording: bool = False) -> None:
        self.recording = recording
        self.epoch = object()
        self.log: list[tuple[Any, ...]] = []
        self.values: list[object] = []
        self.ticks = 0
        self.meanwhile: Callable[[], object] | None = None
        """Runs once, inside the next operation, in place of another thread."""

    def read(self, owner: object, key: Hashable, also: object = None) -> bool:
        hash(key)
        self.log.append(("read", owner, key) if also is None else ("read", owner, key, also))
        return self._other_thread()

    def write(self, owner: object, key: Hashable) -> bool:
        hash(key)
        self.log.append(("write", owner, key))
        return self._other_thread()

    def _other_thread(self) -> bool:
        meanwhile, self.meanwhile = self.meanwhile, None
        if meanwhile is None:
            return False
        with self.aside():
            meanwhile()
        return True

    def saw(self, value: object) -> None:
        self.values.append(value)

    def turn(self) -> None:
        self.tick()

    def doubt(self, reason: str) -> None:
        pass

    def stepped(self, generator: object) -> None:
        pass

    def order(self, thing: object) -> int:
        return object.__hash__(thing)

    def tick(self) -> None:
        self.ticks += 1

    @contextmanager
    def aside(self) -> Iterator[None]:
        active, current.active = current.active, None
        try:
            yield
        finally:
            current.active = active

    @contextmanager
    def in_charge(self) -> Iterator[None]:
        before, current.active = current.active, self  # type: ignore[assignment]
        try:
            yield
        finally:
            current.active = before
