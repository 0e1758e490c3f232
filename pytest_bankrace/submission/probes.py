"""What does rewritten code call?

Each probe stands immediately before a native operation, with its operands evaluated. It hands the
operation to the runtime in charge, and returns once the operation may run. With no runtime it does
nothing. Frames of ours that a traceback may show set `__tracebackhide__`; they are those of
references here, of calls.py and of iteration.py.

Not observed:
- what C code does while it calls back (a `key=` function, an `__eq__`) counts as one step, at its
  beginning; so does what it reads of containers inside containers, to compare or to print them;
- an iterator that threads share, where C code rather than a `for` or `next` steps it; and whether a
  shared generator is running: its body is observed, its state is not;
- C functions that Python code of a library calls: `Thread(target=heapq.heappush, args=...)`;
- a dataclass's `__repr__`, and the operands of `%` formatting;
- containers in a chained comparison are read when they are evaluated.
"""

from __future__ import annotations

import contextlib
import functools
import operator
from collections.abc import Callable
from types import FunctionType
from typing import Any, Final

from pytest_bankrace.runtime import current
from pytest_bankrace.runtime.current import Runtime
from pytest_bankrace.runtime.operation import STRUCTURE
from pytest_bankrace.submission import effects
from pytest_bankrace.submission.calls import Facade, called, entered, method, super_attribute
from pytest_bankrace.submission.classes import made
from pytest_bankrace.submission.containers import (
    announce_change,
    announce_get,
    announce_set,
    announce_test,
    announce_whole,
    kind_of,
    owner_of,
)
from pytest_bankrace.submission.iteration import Absorbing, named_steps, steps, tick, turn
from pytest_bankrace.submission.locations import (
    CODE,
    INSTANCE,
    MISSING,
    NOWHERE,
    Plan,
    announce_read,
    announce_write,
    plan_for,
    plans,
    saw_attribute,
)

# -- Attributes


def read_attribute(thing: Any, name: str) -> Any:
    """Before `thing.name`; returns what to take the attribute from."""
    rt = current.active
    if rt is None:
        return thing
    plan = plans.get((type(thing), name)) or plan_for(type(thing), name)
    if plan.home == INSTANCE:
        rt.read(thing, name)
        if rt.recording:
            saw_attribute(rt, thing, name)
        return thing
    return _read_elsewhere(rt, thing, name, plan)


def _read_elsewhere(rt: Runtime, thing: Any, name: str, plan: Plan) -> Any:
    if plan.home == NOWHERE or (plan.home == CODE and not plan.holds(thing, name)):
        # A container's method: whoever calls it later may be code without probes.
        if kind_of(type(thing)) is not None:
            effect = effects.effect_of_method(plan, name, type(thing))
            if effect is not None:
                return Facade(thing, effect, (thing,))
        return thing
    announce_read(rt, thing, name)
    return thing


def store_attribute(value: Any, thing: Any, name: str) -> tuple[Any, str, Any]:
    """Before `setattr(thing, name, value)`; returns its arguments."""
    rt = current.active
    if rt is not None:
        announce_write(rt, thing, name, value)
    return thing, name, value


def delete_attribute(thing: Any, name: str) -> Any:
    """Before `del thing.name`; returns `thing`."""
    rt = current.active
    if rt is not None:
        announce_write(rt, thing, name)
    return thing


class AttributeReference:
    """`thing.name` as a target, evaluated before the value is there."""

    __slots__ = ("_name", "_thing")

    def __init__(self, thing: Any, name: str) -> None:
        self._thing = thing
        self._name = name

    @property
    def value(self) -> Any:
        __tracebackhide__ = True
        return in_place_target(getattr(read_attribute(self._thing, self._name), self._name))

    @value.setter
    def value(self, value: Any) -> None:
        __tracebackhide__ = True
        setattr(*store_attribute(value, self._thing, self._name))


# -- Subscripts


def get_item(container: Any, key: Any) -> tuple[Any, Any]:
    """Before `container[key]`; returns its operands."""
    rt = current.active
    if rt is not None:
        kind = kind_of(type(container))
        if kind is not None and kind.gets:
            announce_get(rt, container, kind, key)
    return container, key


def set_item(value: Any, container: Any, key: Any) -> tuple[Any, Any, Any]:
    """Before `container[key] = value`; returns the arguments of `operator.setitem`."""
    rt = current.active
    if rt is not None:
        kind = kind_of(type(container))
        if kind is not None and kind.sets:
            announce_set(rt, container, kind, key, value)
    return container, key, value


def delete_item(container: Any, key: Any) -> tuple[Any, Any]:
    """Before `del container[key]`; returns its operands."""
    rt = current.active
    if rt is not None:
        kind = kind_of(type(container))
        if kind is not None and kind.deletes and kind.base is not None:
            rt.write(container, STRUCTURE)
    return container, key


class ItemReference:
    """`container[key]` as a target, evaluated before the value is there."""

    __slots__ = ("_container", "_key")

    def __init__(self, container: Any, key: Any) -> None:
        self._container = container
        self._key = key

    @property
    def value(self) -> Any:
        __tracebackhide__ = True
        return in_place_target(operator.getitem(*get_item(self._container, self._key)))

    @value.setter
    def value(self, value: Any) -> None:
        __tracebackhide__ = True
        operator.setitem(*set_item(value, self._container, self._key))


# -- Names. A global's owner is its module's dict. A variable's is its cell, which the caller hands
# over inside a function that uses the variable.


def read_global(namespace: dict[str, Any], name: str) -> None:
    """Before a load of a shared global; returns something false."""
    rt = current.active
    if rt is not None:
        rt.read(namespace, name)
        if rt.recording and name in namespace:
            rt.saw(namespace[name])


def write_global(namespace: dict[str, Any], name: str, value: Any) -> Any:
    """Before a store of a shared global; returns the value."""
    rt = current.active
    if rt is not None:
        rt.write(namespace, name)
        if rt.recording and value is not MISSING:
            rt.saw(value)
    return value


def delete_global(namespace: dict[str, Any], name: str) -> None:
    """Before `del` of a shared global."""
    write_global(namespace, name, MISSING)


def read_cell(user: FunctionType, name: str) -> None:
    """Before a load of a shared variable; returns something false."""
    rt = current.active
    if rt is not None:
        cell = user.__closure__[0]  # type: ignore[index]
        rt.read(cell, name)
        if rt.recording:
            with contextlib.suppress(ValueError):  # it may be unbound
                rt.saw(cell.cell_contents)


def write_cell(user: FunctionType, name: str, value: Any) -> Any:
    """Before a store of a shared variable; returns the value."""
    rt = current.active
    if rt is not None:
        rt.write(user.__closure__[0], name)  # type: ignore[index]
        if rt.recording and value is not MISSING:
            rt.saw(value)
    return value


def delete_cell(user: FunctionType, name: str) -> None:
    """Before `del` of a shared variable."""
    write_cell(user, name, MISSING)


def bind_global(namespace: dict[str, Any], name: str) -> Callable[[Any], Any]:
    """The outermost decorator of a function or class whose name is a shared global."""
    return functools.partial(write_global, namespace, name)


def bind_cell(user: FunctionType, name: str) -> Callable[[Any], Any]:
    """The outermost decorator of a function or class whose name is a shared variable."""
    return functools.partial(write_cell, user, name)


# -- Operators and everything else that looks into a container


def observe(thing: Any) -> Any:
    """Where a container is read as a whole: truth, unpacking, formatting; returns it."""
    rt = current.active
    if rt is not None:
        kind = kind_of(type(thing))
        if kind is not None and not kind.stateful:
            rt.read(owner_of(thing, kind), STRUCTURE)
    return thing


def both(left: Any, right: Any) -> tuple[Any, Any]:
    """Before a binary operator or comparison; returns its operands."""
    rt = current.active
    if rt is not None and (kind_of(type(left)) or kind_of(type(right))):
        announce_whole(rt, left, right)
    return left, right


def within(key: Any, container: Any) -> tuple[Any, Any]:
    """Before `key in container`; returns the arguments of `operator.contains`."""
    rt = current.active
    if rt is not None:
        kind = kind_of(type(container))
        if kind is not None and kind.tests:
            announce_test(rt, container, kind, key)
    return container, key


def in_place(left: Any, right: Any) -> tuple[Any, Any]:
    """Before `left += right` and the like; returns the operands."""
    rt = current.active
    if rt is not None:
        kind = kind_of(type(left))
        if kind is not None and kind.base is not None:
            announce_change(rt, left, right)
            if hasattr(type(right), "__next__"):
                right = Absorbing(right, left)
        elif kind_of(type(right)) is not None:
            announce_whole(rt, right)
    return left, right


def in_place_target(value: Any) -> Any:
    """The left operand of `thing.name += ...`, as a reference's getter gives it."""
    if current.active is None:
        return value
    kind = kind_of(type(value))
    return value if kind is None or kind.base is None else _InPlace(value)


def _words(names: str) -> list[str]:
    return names.split()


class _InPlace:
    """A container between being read and being changed by an augmented assignment."""

    __slots__ = ("_native",)

    def __init__(self, native: Any) -> None:
        self._native = native


def _in_place_method(operation: Callable[[Any, Any], Any]) -> Callable[[_InPlace, Any], Any]:
    def change(self: _InPlace, other: Any) -> Any:
        __tracebackhide__ = True
        return operation(*in_place(self._native, other))

    return change


IN_PLACE: Final[dict[str, Callable[[Any, Any], Any]]] = {
    name: getattr(operator, name)
    for name in _words(
        "iadd isub imul imatmul itruediv ifloordiv imod ipow ilshift irshift iand ixor ior"
    )
}
for _name, _operation in IN_PLACE.items():
    setattr(_InPlace, f"__{_name}__", _in_place_method(_operation))


PROBES: Final[dict[str, Any]] = {
    **{
        probe.__name__: probe
        for probe in (
            AttributeReference,
            ItemReference,
            bind_cell,
            bind_global,
            both,
            called,
            delete_attribute,
            delete_cell,
            delete_global,
            delete_item,
            entered,
            get_item,
            in_place,
            made,
            method,
            named_steps,
            observe,
            read_attribute,
            read_cell,
            read_global,
            set_item,
            steps,
            store_attribute,
            super_attribute,
            tick,
            turn,
            within,
            write_cell,
            write_global,
        )
    },
    **IN_PLACE,
    **{
        name: getattr(operator, name)
        for name in _words(
            "getitem setitem delitem contains add sub mul or_ and_ xor eq ne lt le gt ge"
        )
    },
    "globals": globals,
    "setattr": setattr,
    "slice": slice,
}
"""What the rewriter may put into code, by name."""
