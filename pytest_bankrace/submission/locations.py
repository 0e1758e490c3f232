"""Where does an attribute's value live?

In the instance; or in the class of its MRO that holds it, when a read falls through; or in a
module's dict. No user code runs to find out: types are read through `type`'s own descriptors, and
instances through the getset descriptor that makes their `__dict__`.

What has no location, because it is hardly ever rebound or is not shared: functions, properties and
other descriptors in a class (unless an instance may shadow them, then its dict decides), nested
classes, enum members, attributes of built-in types, of `threading.local` objects, of the model's
own objects, and of modules that are not the submission's.
"""

from __future__ import annotations

import enum
from _thread import _local
from collections.abc import Callable
from types import FunctionType, GetSetDescriptorType, MemberDescriptorType, ModuleType
from typing import Any, Final

from pytest_bankrace.model.local import local
from pytest_bankrace.runtime.current import Runtime

_mro: Callable[[type], tuple[type, ...] | None] = type.__dict__["__mro__"].__get__
_namespace: Callable[[type], Any] = type.__dict__["__dict__"].__get__
_module_dict: Callable[[ModuleType], dict[str, Any]] = vars(ModuleType)["__dict__"].__get__

_LOCALS = (_local, local)
HEAP_TYPE: Final = 1 << 9
_RAISING: Final = ("__context__", "__dict__", "__traceback__")
"""What an exception has that is written, unseen, whenever it is raised."""
_CACHE_LIMIT: Final = 1024
"""Each execution makes its classes anew: the caches must not keep all of them alive."""


class _Missing:
    def __repr__(self) -> str:
        return "<missing>"


MISSING: Final = _Missing()

NOWHERE: Final = 0
"""No location."""
INSTANCE: Final = 1
"""Always the instance: a slot, or a name that no class of the MRO has."""
DEFAULT: Final = 2
"""The instance if it has the name, else the class, where plain data stands for it."""
CODE: Final = 3
"""The instance if it has the name; the class has code under it, which has no location."""
CLASS: Final = 4
"""The object is a class itself: see `class_home`."""
MODULE: Final = 5
"""The object is a module: see `module_home`."""

instrumented_files: set[str] = set()
"""The files whose code has probes."""


class Plan:
    """How to find attribute `name` of any instance of one type."""

    __slots__ = ("effect", "home", "namespace", "native_home", "owner", "raw", "stores")

    def __init__(self, home: int, raw: Any, owner: type | None) -> None:
        self.home = home
        """Where a plain `thing.name` looks."""
        self.native_home = home
        """Where `object.__getattribute__` looks, below a `__getattribute__` with probes."""
        self.raw = raw
        """What the class `owner` of the MRO has under the name; MISSING if none has."""
        self.owner = owner
        self.namespace: Callable[[object], Any] | None = None
        """Gives the instance's dict; None where instances have none."""
        self.stores = home != NOWHERE
        """Whether a store goes to the instance, rather than to a `__setattr__` of Python code."""
        self.effect: Any = MISSING
        """For the effects' own use: what calling this method does. MISSING until worked out."""

    def holds(self, thing: object, name: str) -> bool:
        """Whether the instance's own dict has the name."""
        return self.namespace is not None and name in self.namespace(thing)


plans: dict[tuple[type, str], Plan] = {}
"""A cache. Probes look here first, and call `plan_for` for what is not in it."""


def forget() -> None:
    """A class has changed: what was found out about attributes may no longer hold."""
    plans.clear()


def plan_for(kind: type, name: str) -> Plan:
    """The plan for attribute `name` of instances of `kind`."""
    plan = plans.get((kind, name))
    if plan is None:
        if len(plans) >= _CACHE_LIMIT:
            plans.clear()
        plan = plans[kind, name] = _make_plan(kind, name)
    return plan


def mro(kind: type) -> tuple[type, ...]:
    """The type's MRO; empty while the type is being made."""
    return _mro(kind) or ()


def find_in_mro(kinds: tuple[type, ...], name: str) -> tuple[Any, type | None]:
    """What the first of the classes that has the name has under it, and that class."""
    for kind in kinds:
        namespace = _namespace(kind)
        if name in namespace:
            return namespace[name], kind
    return MISSING, None


def is_ours(function: object) -> bool:
    """Whether a function is Python code with probes."""
    return type(function) is FunctionType and function.__code__.co_filename in instrumented_files


def _make_plan(kind: type, name: str) -> Plan:
    kinds = mro(kind)
    raw, owner = find_in_mro(kinds, name)
    if issubclass(kind, type):
        return Plan(CLASS, raw, owner)
    if issubclass(kind, ModuleType):
        return Plan(MODULE, raw, owner)
    module = _namespace(kind).get("__module__")
    if issubclass(kind, _LOCALS) or (type(module) is str and module.startswith("pytest_bankrace.")):
        return Plan(NOWHERE, raw, owner)
    namespace = _instance_dict(kinds)
    built_in = type(raw) in (MemberDescriptorType, GetSetDescriptorType)
    if issubclass(kind, BaseException) and built_in and name not in _RAISING:
        home = INSTANCE  # as `args`, which C code keeps for all exceptions
    else:
        home = _home(raw, owner, namespace is not None)
    plan = Plan(home, raw, owner)
    plan.namespace = namespace
    # A `__setattr__` or `__getattribute__` with probes announces by itself what it touches.
    if is_ours(find_in_mro(kinds, "__setattr__")[0]):
        plan.stores = False
    if is_ours(find_in_mro(kinds, "__getattribute__")[0]):
        plan.home = NOWHERE
    return plan


def _home(raw: Any, owner: type | None, has_dict: bool) -> int:
    if owner is None:
        return INSTANCE if has_dict else NOWHERE
    kind = type(raw)
    if kind is MemberDescriptorType:
        return INSTANCE if owner.__flags__ & HEAP_TYPE else NOWHERE
    if is_data_descriptor(raw):
        return NOWHERE
    if is_code(raw):
        return CODE if has_dict else NOWHERE
    if owner.__flags__ & HEAP_TYPE:
        return DEFAULT
    return CODE if has_dict else NOWHERE


def is_data_descriptor(raw: Any) -> bool:
    """Whether a class's value decides over the instance's dict, as a property does."""
    kinds = mro(type(raw))
    return "__set__" in _names(kinds) or "__delete__" in _names(kinds)


def is_code(raw: Any) -> bool:
    """Whether a class's value is a function, another descriptor or a class, rather than data."""
    return isinstance(raw, type) or "__get__" in _names(mro(type(raw)))


class _names:  # noqa: N801
    """The names of all classes of an MRO, without building a set of them."""

    __slots__ = ("kinds",)

    def __init__(self, kinds: tuple[type, ...]) -> None:
        self.kinds = kinds

    def __contains__(self, name: object) -> bool:
        return any(name in _namespace(kind) for kind in self.kinds)


def _instance_dict(kinds: tuple[type, ...]) -> Callable[[object], Any] | None:
    for kind in kinds:
        found = _namespace(kind).get("__dict__")
        if found is not None:
            if type(found) not in (GetSetDescriptorType, MemberDescriptorType):
                return None  # somebody's own `__dict__`: it might run their code
            getter: Callable[[object], Any] = found.__get__
            return getter
    return None


def class_home(cls: type, name: str) -> tuple[type, type | None, Any] | None:
    """For attribute `name` of a class: its owner, a second owner, and the value.

    None if it has no location. The second owner is the base class whose value shows through.
    """
    on_metaclass, on_owner = find_in_mro(mro(type(cls)), name)
    if on_metaclass is not MISSING and is_data_descriptor(on_metaclass):
        return None
    if issubclass(type(cls), enum.EnumMeta):
        return None
    value, owner = find_in_mro(mro(cls), name)
    if owner is None:
        if on_metaclass is MISSING:
            return cls, None, MISSING
        if is_code(on_metaclass) or on_owner is None or not on_owner.__flags__ & HEAP_TYPE:
            return None
        return cls, on_owner, on_metaclass
    if is_code(value) or not owner.__flags__ & HEAP_TYPE:
        return None
    return cls, (None if owner is cls else owner), value


def module_home(module: ModuleType) -> dict[str, Any] | None:
    """The dict that owns a module's attributes; None if its code has no probes."""
    namespace = _module_dict(module)
    return namespace if namespace.get("__file__") in instrumented_files else None


def value_of(thing: Any, name: str) -> Any:
    """The value of an attribute that has a location, as it is now; MISSING if there is none.

    No user code runs.
    """
    plan = plan_for(type(thing), name)
    if plan.home == CLASS:
        home = class_home(thing, name)
        return MISSING if home is None else home[2]
    if plan.home == MODULE:
        return _module_dict(thing).get(name, MISSING)
    if type(plan.raw) in (MemberDescriptorType, GetSetDescriptorType):
        try:
            return plan.raw.__get__(thing)
        except AttributeError:
            return MISSING
    if plan.namespace is not None:
        value = plan.namespace(thing).get(name, MISSING)
        if value is not MISSING:
            return value
    return plan.raw


def locate(thing: Any, name: str, *, native: bool = False) -> tuple[object, object | None] | None:
    """The owner of attribute `name` of an object, and the second owner of a read; or None.

    With `native`, as `object.__getattribute__` finds it.
    """
    plan = plan_for(type(thing), name)
    home = plan.native_home if native else plan.home
    if home == INSTANCE:
        return thing, None
    if home == DEFAULT:
        return thing, (None if plan.holds(thing, name) else plan.owner)
    if home == CODE:
        return (thing, None) if plan.holds(thing, name) else None
    if home == CLASS:
        found = class_home(thing, name)
        return None if found is None else found[:2]
    if home == MODULE:
        owner = module_home(thing)
        return None if owner is None else (owner, None)
    return None


# -- Announcing accesses. Each returns once the native operation may run: where another thread ran
# in between, the value may live elsewhere by now, and is announced again.


def announce_read(rt: Runtime, thing: Any, name: str, *, native: bool = False) -> None:
    """Attribute `name` of `thing` is about to be read."""
    while (place := locate(thing, name, native=native)) is not None:
        owner, also = place
        if not rt.read(owner, name, also) or _same(place, locate(thing, name, native=native)):
            if rt.recording:
                saw_attribute(rt, thing, name)
            return


def _same(place: tuple[object, object], other: tuple[object, object] | None) -> bool:
    return other is not None and place[0] is other[0] and place[1] is other[1]


def saw_attribute(rt: Runtime, thing: Any, name: str) -> None:
    """Tell the recorder an attribute's value."""
    value = value_of(thing, name)
    if value is not MISSING:
        rt.saw(value)


def announce_write(
    rt: Runtime, thing: Any, name: str, value: Any = MISSING, *, native: bool = False
) -> None:
    """Attribute `name` of `thing` is about to be stored or, without a value, deleted."""
    plan = plans.get((type(thing), name)) or plan_for(type(thing), name)
    if not (plan.stores or (native and plan.native_home)):
        return
    if plan.home == CLASS:
        rt.write(thing, name)
        forget()
    elif plan.home == MODULE:
        namespace = _module_dict(thing) or {}  # None before its `__init__`
        rt.write(namespace, name)
        # Such as `threading.excepthook`, which is the model's.
        ours = str(namespace.get("__name__")).startswith("pytest_bankrace.")
        if not ours and namespace.get("__file__") not in instrumented_files:
            rt.doubt(f"`{name}` of a module is assigned, and reads of it are not seen")
    else:
        rt.write(thing, name)
    if rt.recording and value is not MISSING:
        rt.saw(value)
