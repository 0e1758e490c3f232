"""How do `operator.attrgetter`, `itemgetter` and `methodcaller` announce what they read?

They are C code that keeps names to itself. What one is made of is what it is pickled as, so the
one that is called is replaced, for this call, by Python code that does the same with probes.
"""

from __future__ import annotations

import operator
from collections.abc import Callable
from functools import partial
from typing import Any, Final

from pytest_bankrace.runtime import current
from pytest_bankrace.submission.containers import announce_get, kind_of
from pytest_bankrace.submission.locations import announce_read

Getter = Callable[[Any], Any]

KINDS: Final = (operator.attrgetter, operator.itemgetter, operator.methodcaller)


def observed_getter(native: Any, method: Callable[[Any, str], Any]) -> Getter:
    """What to call in place of one. `method` stands before the look-up of a method to call."""
    make, parts = native.__reduce__()
    kind = type(native)
    if kind is operator.methodcaller:
        keywords = make.keywords if type(make) is partial else {}
        name, *arguments = (*make.args, *parts) if type(make) is partial else parts
        return lambda thing: getattr(method(thing, name), name)(*arguments, **keywords)
    get = _attribute if kind is operator.attrgetter else _item
    if len(parts) == 1:
        return partial(get, parts[0])
    return lambda thing: tuple(get(part, thing) for part in parts)


def _attribute(path: str, thing: Any) -> Any:
    __tracebackhide__ = True
    for name in path.split("."):
        if current.active is not None:
            announce_read(current.active, thing, name)
        thing = getattr(thing, name)
    return thing


def _item(key: Any, container: Any) -> Any:
    __tracebackhide__ = True
    kind = kind_of(type(container))
    if current.active is not None and kind is not None and kind.gets:
        announce_get(current.active, container, kind, key)
    return container[key]
