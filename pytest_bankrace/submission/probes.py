"""What does rewritten code call?

Each probe stands immediately before a native operation, with its operands evaluated. It hands the
operation to the runtime in charge, and returns once the operation may run. With no runtime it does
nothing. Frames of ours that a traceback may show set `__tracebackhide__`; they are those of
references here, of calls.py and of iteration.py.

Not observed: C functions that a library's Python code calls, unless it is a thread's or a pool's.
What is tried as one step, with a doubt that keeps the verdict from being PROVED: what C code does
that calls back while it goes through a container, and comparisons of containers in a chain.
Whether a shared generator is running is not observed, and a doubt.
"""

from __future__ import annotations

import operator
from collections.abc import Callable
from types import GeneratorType, MethodType
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
    doubt_counting,
    kind_of,
    owner_of,
)
from pytest_bankrace.submission.iteration import (
    Absorbing,
    announce_stepped,
    named_steps,
    steps,
    tick,
    turn,
)
from pytest_bankrace.submission.locations import (
    CODE,
    INSTANCE,
    NOWHERE,
    Plan,
    announce_read,
    announce_write,
    plan_for,
    plans,
    saw_attribute,
)
from pytest_bankrace.submission.nested import Look, announce_inside, inside
from pytest_bankrace.submission.unpacking import steps_apart, unpacked
from pytest_bankrace.submission.variables import (
    bind_cell,
    bind_global,
    delete_cell,
    delete_global,
    read_cell,
    read_global,
    write_cell,
    write_global,
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
    if type(thing) is MethodType:
        announce_read(rt, thing.__func__, name)  # an attribute of a method is its function's
    elif plan.home == NOWHERE or (plan.home == CODE and not plan.holds(thing, name)):
        # A container's method: whoever calls it later may be code without probes.
        if kind_of(type(thing)) is not None:
            effect = effects.effect_of_method(plan, name, type(thing))
            if effect is not None:
                return Facade(thing, effect, (thing,))
    else:
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


# -- Operators and everything else that looks into a container


def observe(thing: Any) -> Any:
    """Where a container is read as a whole: truth, unpacking, formatting; returns it."""
    rt = current.active
    if rt is not None:
        kind = kind_of(type(thing))
        if kind is not None and not kind.stateful:
            rt.read(owner_of(thing, kind), STRUCTURE)
    return thing


def shown(thing: Any) -> Any:
    """Where something is put into a text; returns it."""
    rt = current.active
    if rt is not None and inside(type(thing)):
        announce_inside(rt, Look.SHOW, thing)
    return thing


def chained(thing: Any) -> Any:
    """An operand of a chained comparison, when it is evaluated; returns it."""
    rt = current.active
    if rt is not None and inside(type(thing)) > Look.COMPARE:
        announce_inside(rt, Look.COMPARE, thing)
        rt.doubt("a chained comparison goes through containers, tried as one step")
    return thing


def both(left: Any, right: Any) -> tuple[Any, Any]:
    """Before a binary operator; returns its operands."""
    rt = current.active
    if rt is not None and (kind_of(type(left)) or kind_of(type(right))):
        announce_whole(rt, left, right)
        doubt_counting(rt, left, right)
    return left, right


def compared(left: Any, right: Any) -> tuple[Any, Any]:
    """Before a comparison; returns its operands."""
    rt = current.active
    if rt is not None and (inside(type(left)) or inside(type(right))):
        announce_inside(rt, Look.COMPARE, left, right)
        doubt_counting(rt, left, right)
    return left, right


def formatted(left: Any, right: Any) -> tuple[Any, Any]:
    """Before `left % right`; returns its operands."""
    rt = current.active
    if rt is not None and inside(type(right)):
        announce_inside(rt, Look.SHOW, right)
    return left, right


def within(key: Any, container: Any) -> tuple[Any, Any]:
    """Before `key in container`; returns the arguments of `operator.contains`."""
    rt = current.active
    if rt is not None:
        kind = kind_of(type(container))
        if kind is None:
            if inside(type(container)):
                announce_inside(rt, Look.COMPARE, key, container)
            elif type(container) is GeneratorType:
                rt.stepped(container)
        elif kind.tests and (kind.stateful or kind.base is dict or kind.base is set):
            announce_test(rt, container, kind, key)
        elif kind.tests:
            announce_inside(rt, Look.COMPARE, key, container)
    return container, key


def in_place(left: Any, right: Any) -> tuple[Any, Any]:
    """Before `left += right` and the like; returns the operands."""
    rt = current.active
    if rt is not None:
        kind = kind_of(type(left))
        if kind is not None and kind.base is not None:
            announce_change(rt, left, right)
            announce_stepped(rt, right)
            if hasattr(type(right), "__next__"):
                right = Absorbing(right, left)
        elif inside(type(right)):
            announce_inside(rt, Look.SHOW, right)
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
            chained,
            compared,
            delete_attribute,
            delete_cell,
            delete_global,
            delete_item,
            entered,
            formatted,
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
            shown,
            steps,
            steps_apart,
            store_attribute,
            super_attribute,
            tick,
            turn,
            unpacked,
            within,
            write_cell,
            write_global,
        )
    },
    **IN_PLACE,
    **{
        name: getattr(operator, name)
        for name in _words(
            "getitem setitem delitem contains add sub mul mod or_ and_ xor eq ne lt le gt ge"
        )
    },
    "globals": globals,
    "setattr": setattr,
    "slice": slice,
}
"""What the rewriter may put into code, by name."""
