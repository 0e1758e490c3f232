"""What does a call touch, where the callee is C code?

Python code is called as it is: a frame in between would show in `sys._getframe`, `locals` and
warnings. A C callable that touches containers or attributes is called through one that announces.
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from types import GeneratorType, ModuleType
from typing import Any, Final

from pytest_bankrace.runtime import current
from pytest_bankrace.runtime.current import Runtime
from pytest_bankrace.runtime.operation import STRUCTURE
from pytest_bankrace.submission import effects, getters
from pytest_bankrace.submission.containers import (
    announce_change,
    announce_each,
    announce_get,
    announce_look,
    announce_set,
    announce_test,
    announce_whole,
    kind_of,
    owner_of,
)
from pytest_bankrace.submission.effects import Effect
from pytest_bankrace.submission.foreign import refuse_foreign
from pytest_bankrace.submission.iteration import (
    Absorbing,
    Nested,
    Steps,
    announce_stepped,
    named_steps,
    steps,
)
from pytest_bankrace.submission.locations import (
    CLASS,
    CODE,
    MISSING,
    MODULE,
    NOWHERE,
    announce_read,
    announce_write,
    find_in_mro,
    is_code,
    mro,
    plan_for,
    plans,
    value_of,
)
from pytest_bankrace.submission.nested import Look, announce_inside, calls_back
from pytest_bankrace.submission.unobserved import FIELD


def method(thing: Any, name: str) -> Any:
    """Before `thing.name` in a call; returns what to take the method from."""
    rt = current.active
    if rt is None:
        return thing
    plan = plans.get((type(thing), name)) or plan_for(type(thing), name)
    home = plan.home
    if home == NOWHERE or (home == CODE and not plan.holds(thing, name)):
        if type(thing) is GeneratorType:
            rt.stepped(thing)  # whichever method it is: a frame in between would show in it
        effect = plan.effect
        if effect is MISSING:
            effect = effects.effect_of_method(plan, name, type(thing))
        if effect is Effect.FOREIGN:
            refuse_foreign(rt, thing)
            return thing
        return thing if effect is None else Facade(thing, effect, (thing,))
    announce_read(rt, thing, name)
    callee = value_of(thing, name)
    if callee is MISSING and home == CLASS:
        callee = find_in_mro(mro(thing), name)[0]
    elif callee is MISSING and home == MODULE and thing.__name__.startswith("pytest_bankrace."):
        callee = getattr(thing, name, MISSING)  # the model makes some of its names when asked
    effect = effects.effect_of(callee)
    if effect is Effect.FOREIGN:
        refuse_foreign(rt, callee.__self__)
        return thing
    return thing if effect is None else Facade(thing, effect, _first_of(callee))


_super_self: Callable[[Any], Any] = super.__dict__["__self__"].__get__
_super_class: Callable[[Any], Any] = super.__dict__["__thisclass__"].__get__
_super_type: Callable[[Any], Any] = super.__dict__["__self_class__"].__get__


def super_attribute(parent: Any, name: str) -> Any:
    """Before `super().name`; returns what to take the attribute from."""
    rt = current.active
    if rt is None or type(parent) is not super or _super_self(parent) is None:
        return parent
    kinds = mro(_super_type(parent))
    this = _super_class(parent)
    following = kinds[kinds.index(this) + 1 :] if this in kinds else ()
    raw, owner = find_in_mro(following, name)
    if owner is None:
        return parent
    effect = effects.effect_of_raw(raw)
    if effect is not None:
        return Facade(parent, effect, (_super_self(parent),))
    if not is_code(raw):
        rt.read(owner, name)
    return parent


def called(callee: Any) -> Any:
    """Before `callee(...)`; returns what to call."""
    rt = current.active
    if rt is None:
        return callee
    if type(callee) in getters.KINDS:
        return getters.observed_getter(callee, method)
    effect = effects.effect_of(callee)
    if effect is Effect.FOREIGN:
        refuse_foreign(rt, callee.__self__)
        return callee
    return callee if effect is None else Observed(callee, effect, _first_of(callee))


def entered(manager: Any) -> Any:
    """Before `with manager:`; returns it."""
    rt = current.active
    if rt is not None:
        kind = type(manager)
        plan = plans.get((kind, "__enter__")) or plan_for(kind, "__enter__")
        if effects.effect_of_method(plan, "__enter__", kind) is Effect.FOREIGN:
            refuse_foreign(rt, manager)
    return manager


def _first_of(callee: Any) -> tuple[Any, ...]:
    """Arguments that a callable brings along."""
    if type(callee) is functools.partial:
        return _first_of(callee.func) + callee.args
    bound_to = getattr(callee, "__self__", None) if effects.is_c_callable(callee) else None
    return () if bound_to is None or isinstance(bound_to, ModuleType) else (bound_to,)


class Facade:
    """Stands for an object where one C method of it is called."""

    __slots__ = ("_bankrace",)

    def __init__(self, thing: Any, effect: Effect, first: tuple[Any, ...]) -> None:
        self._bankrace = thing, effect, first

    def __getattribute__(self, name: str) -> Any:  # not __getattr__: object has names of its own
        __tracebackhide__ = True
        thing, effect, first = _facade_slot(self)
        return Observed(getattr(thing, name), effect, first)


_facade_slot: Callable[[Facade], tuple[Any, Effect, tuple[Any, ...]]] = vars(Facade)[
    "_bankrace"
].__get__


def _itself(native: Any) -> Any:
    """Makes an observed callable the native one when it is unpickled or copied."""
    return native


class Observed:  # without a docstring: `__doc__` is the native callable's
    # A C callable that announces what it is about to touch.

    __slots__ = ("_bankrace",)

    def __init__(self, native: Any, effect: Effect, first: tuple[Any, ...]) -> None:
        self._bankrace = native, effect, first

    def __call__(self, /, *args: Any, **kwargs: Any) -> Any:
        __tracebackhide__ = True
        native, effect, first = self._bankrace
        rt = current.active
        if rt is not None:
            if effect is Effect.REVERSES and len(args) == 1:
                kind = kind_of(type(args[0]))
                if kind is not None:
                    return Steps(native(*args), owner_of(args[0], kind), writes=kind.stateful)
            arguments = _announce(rt, effect, first + args, kwargs)
            return native(*arguments[len(first) :], **kwargs)
        return native(*args, **kwargs)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._bankrace[0], name)

    @property
    def __doc__(self) -> Any:  # type: ignore[override]
        """The native callable's."""
        return self._bankrace[0].__doc__

    def __eq__(self, other: object) -> Any:
        return self._bankrace[0] == (other._bankrace[0] if type(other) is Observed else other)

    def __hash__(self) -> int:
        return hash(self._bankrace[0])

    def __repr__(self) -> str:
        return repr(self._bankrace[0])

    def __reduce_ex__(self, protocol: Any) -> Any:
        return _itself, (self._bankrace[0],)


def _announce(
    rt: Runtime, effect: Effect, args: tuple[Any, ...], kwargs: dict[str, Any]
) -> tuple[Any, ...]:
    """Announce what a C callable is about to touch; returns the arguments to hand it."""
    if "key" in kwargs:
        kwargs["key"] = called(kwargs["key"])
    everything = (*args, *kwargs.values())
    if effect is Effect.PICKS:
        picks_in_steps = len(args) == 1 and ("key" in kwargs or calls_back(Look.COMPARE, *args))
        effect = Effect.STEPS if picks_in_steps else Effect.COMPARES
    if effect is Effect.STEPS:
        if args and effects.is_built_in_class(args[0]):
            args = (called(args[0]), *args[1:])
        return tuple(_steps_or_called(each) for each in args)
    if effect is Effect.OPENS:
        return tuple(steps(called(each)) for each in args)
    if effect is Effect.SPREADS:
        return (*map(_steps_or_called, args[:-1]), *map(Nested, args[-1:]))
    if effect in _LOOKS:
        announce_stepped(rt, *everything)
        announce_inside(rt, _LOOKS[effect], *everything, copied=effect is Effect.SORTS)
        if effect is Effect.FORMATS and any(
            type(each) is str and FIELD.search(each) for each in args[:1]
        ):
            rt.doubt("`format` reads attributes or items without being seen")
        return args
    if effect is Effect.READS:
        announce_stepped(rt, *everything)
        announce_whole(rt, *everything)
        return args
    first = args[0] if args else None
    kind = kind_of(type(first))
    name = args[1] if len(args) > 1 else None
    if effect is Effect.DRAWS or effect is Effect.SHUFFLES:
        if any(map(kind_of, map(type, everything))):
            rt.doubt("a Random draws and goes through a container in several steps, tried as one")
        (announce_whole if effect is Effect.DRAWS else _announce_writes)(rt, *everything)
    elif effect is Effect.WRITES:
        _announce_writes(rt, *args, *kwargs.values())
    elif effect is Effect.NEXT:
        announce_stepped(rt, first)
    elif effect is Effect.NOTES:
        announce_write(rt, first, "__notes__")
    elif effect is Effect.COPIES:
        if kind is None:
            rt.read(first, STRUCTURE)
        else:
            announce_whole(rt, first)
    elif effect in _ATTRIBUTE_EFFECTS:
        if type(name) is str:
            _announce_attribute(rt, effect, first, name, args[2:])
    elif kind is None or kind.stateful:
        pass  # a method of containers, called with something else: it raises TypeError
    elif effect is Effect.MEASURE:
        announce_whole(rt, first)
    elif effect is Effect.COMBINE:
        announce_whole(rt, *args)
    elif effect is Effect.REMOVE or effect is Effect.SORT:
        sorts = effect is Effect.SORT
        rt.write(first, STRUCTURE)
        while "key" not in kwargs and announce_inside(
            rt, Look.COMPARE, *args, copied=sorts, written=first
        ):
            rt.write(first, STRUCTURE)
    elif effect is Effect.CHANGE:
        rt.write(owner_of(first, kind), STRUCTURE)
    elif effect is Effect.ABSORB:
        announce_change(rt, first, *args[1:])
        announce_stepped(rt, *args[1:])
        return (first, *(_absorbed(each, first) for each in args[1:]))
    elif len(args) > 1:
        if effect is Effect.GET:
            announce_get(rt, first, kind, name)
        elif effect is Effect.LOOK:
            announce_look(rt, first, kind, name)
        elif effect is Effect.TEST:
            announce_test(rt, first, kind, name)
        elif effect is Effect.SET and len(args) > 2:
            announce_set(rt, first, kind, name, args[2])
    return args


_LOOKS: Final = {
    Effect.COMPARES: Look.COMPARE,
    Effect.SORTS: Look.COMPARE,
    Effect.SHOWS: Look.SHOW,
    Effect.FORMATS: Look.SHOW,
    Effect.TOTALS: Look.TOTAL,
}
_ATTRIBUTE_EFFECTS: Final = (
    Effect.GETATTR,
    Effect.SETATTR,
    Effect.DELATTR,
    Effect.NATIVE_GETATTR,
    Effect.NATIVE_SETATTR,
)


def _announce_attribute(
    rt: Runtime, effect: Effect, thing: Any, name: str, value: tuple[Any, ...]
) -> None:
    native = effect in (Effect.NATIVE_GETATTR, Effect.NATIVE_SETATTR)
    if effect in (Effect.GETATTR, Effect.NATIVE_GETATTR):
        announce_read(rt, thing, name, native=native)
    else:
        announce_write(rt, thing, name, *value[:1], native=native or effect is Effect.DELATTR)


def _announce_writes(rt: Runtime, *things: Any) -> None:
    owners = [owner_of(each, kind) for each in things if (kind := kind_of(type(each))) is not None]
    while announce_each(rt.write, owners) and len(owners) > 1:
        pass


def _steps_or_called(argument: Any) -> Any:
    if effects.is_c_callable(argument) or isinstance(argument, getters.KINDS):
        return called(argument)
    return named_steps(argument)


def _absorbed(source: Any, target: object) -> Any:
    # Each element that an iterator makes may let other threads in: announce again after it.
    return Absorbing(source, target) if hasattr(type(source), "__next__") else source
