"""What does a callable made of C code do with the containers and objects it is handed?

Python code with probes announces what it touches; C code can't. So each C callable has an effect:
listed here by the identity of the object (its hash or equality might be user code), and for one
that is not listed, it writes every container it is handed. Python functions of the standard
library are Python code without probes: the few that a bank's code hands containers are listed too.
"""

from __future__ import annotations

import bisect
import builtins
import collections
import copy
import functools
import heapq
import itertools
import math
import operator
import random
import statistics
import sys
import types
import typing
import warnings
import weakref
from enum import Enum
from typing import Any, Final

from pytest_bankrace.runtime import current
from pytest_bankrace.runtime.unseen import is_unseen
from pytest_bankrace.submission.containers import BASES, kind_of
from pytest_bankrace.submission.foreign import is_foreign
from pytest_bankrace.submission.iteration import Steps
from pytest_bankrace.submission.locations import (
    HEAP_TYPE,
    MISSING,
    Plan,
    find_in_mro,
    instrumented_files,
    mro,
)
from pytest_bankrace.submission.unobserved import STATISTICS


class Effect(Enum):
    """What a call touches, besides what Python code announces by itself."""

    READS = "reads each container among its arguments, at once"
    COMPARES = "reads them and what is in them, and compares"
    SORTS = "the same, with the elements taken out of their container first"
    SHOWS = "reads them and what is in them, and makes a text of it"
    FORMATS = "the same, by a text that may name attributes"
    TOTALS = "reads them and what is in them, and adds it up"
    WRITES = "writes each container among its arguments"
    DRAWS = "reads each container among its arguments, after the draw of a random number"
    SHUFFLES = "writes it, in many steps"
    PICKS = "reads its arguments: at once, or step by step with a `key`"
    STEPS = "iterates over its arguments, one step at a time"
    OPENS = "makes an iterator of its argument: the argument itself, if it is one"
    SPREADS = "the same, and over each element"
    REVERSES = "iterates over its argument backwards"
    NEXT = "makes a step of an iterator"
    COPIES = "reads each part of an object"
    NOTES = "adds a note to an exception"
    GETATTR = "reads the attribute that its second argument names"
    SETATTR = "writes it"
    DELATTR = "deletes it"
    NATIVE_GETATTR = "as GETATTR, below a `__getattribute__` of Python code"
    NATIVE_SETATTR = "as SETATTR, below a `__setattr__` of Python code"
    FOREIGN = "waits for other threads, or lets them go on, where nobody can schedule it"
    # The methods of containers; the first argument is the container.
    GET = "reads one element"
    LOOK = "reads one element, if it is there"
    SET = "writes one element"
    TEST = "looks whether there is an element"
    MEASURE = "reads the structure, and none of the other arguments"
    COMBINE = "reads the structure, and the other arguments"
    CHANGE = "writes the structure, and reads none of the other arguments"
    REMOVE = "writes the structure, and compares the elements"
    SORT = "the same, with the elements taken out first"
    ABSORB = "writes the structure with the elements of the other arguments"


def _named(module: Any, names: str) -> list[Any]:
    return [getattr(module, name) for name in names.split() if hasattr(module, name)]


_HARMLESS: Final = [
    *_named(
        builtins,
        "breakpoint callable classmethod compile dir eval exec globals hash id input isinstance "
        "issubclass locals memoryview object open property staticmethod super type vars "
        "__build_class__ __import__",
    ),
    *_named(itertools, "repeat count"),
    *_named(
        sys, "_getframe _getframemodulename exc_info exception getrefcount getsizeof intern exit"
    ),
    # These look at the frame that calls them.
    *_named(typing, "TypeVar TypeVarTuple ParamSpec TypeAliasType NewType"),
    functools.partial,
    warnings.warn,
    warnings.warn_explicit,
    weakref.ref,
    weakref.proxy,
]
_EFFECTS: Final[dict[Effect, list[Any]]] = {
    Effect.READS: [
        *_named(builtins, "bool bytearray bytes len list tuple abs round int float"),
        *_named(math, "fsum prod dist sumprod hypot"),
        collections.deque,
        *_named(operator, "add concat getitem length_hint mul not_ or_ and_ sub xor truth"),
    ],
    Effect.COMPARES: [
        *_named(builtins, "dict frozenset set"),
        *_named(collections, "Counter OrderedDict defaultdict"),
        *_named(bisect, "bisect bisect_left bisect_right"),
        *_named(heapq, "nlargest nsmallest"),
        *_named(operator, "contains countOf eq ge gt indexOf le lt ne"),
        *_named(tuple, "__contains__ __eq__ __ge__ __gt__ __le__ __lt__ __ne__ count index"),
    ],
    Effect.SORTS: [sorted],
    Effect.SHOWS: [
        *_named(builtins, "ascii format print repr str"),
        *(str.__mod__, bytes.__mod__, operator.mod, BaseException.__repr__, BaseException.__str__),
        *(bytes.join, bytearray.join),
    ],
    Effect.FORMATS: [str.format, str.format_map],
    Effect.TOTALS: [all, any, sum],
    Effect.PICKS: [min, max],
    Effect.WRITES: [
        *_named(bisect, "insort insort_left insort_right"),
        *_named(heapq, "heapify heappop heappush heappushpop heapreplace"),
    ],
    Effect.DRAWS: _named(random.Random, "choice choices sample"),
    Effect.SHUFFLES: [random.Random.shuffle],
    Effect.STEPS: [
        *_named(builtins, "enumerate filter map zip"),
        *_named(itertools, "accumulate batched chain combinations combinations_with_replacement"),
        *_named(itertools, "compress cycle dropwhile filterfalse groupby islice pairwise"),
        *_named(itertools, "permutations product takewhile zip_longest"),
        functools.reduce,
        heapq.merge,
        *_named(statistics, STATISTICS),
    ],
    Effect.OPENS: [iter, itertools.tee],
    Effect.SPREADS: [itertools.starmap, vars(itertools.chain)["from_iterable"]],
    Effect.REVERSES: [reversed],
    Effect.NEXT: [next],
    Effect.COPIES: [copy.copy],
    Effect.NOTES: [BaseException.add_note],
    Effect.GETATTR: [getattr, hasattr],
    Effect.SETATTR: [setattr],
    Effect.DELATTR: [delattr, object.__delattr__],
    Effect.NATIVE_GETATTR: [object.__getattribute__],
    Effect.NATIVE_SETATTR: [object.__setattr__, type.__setattr__],
}

_MEASURE = (
    "__bool__ __class_getitem__ __copy__ __deepcopy__ __iter__ __len__ __length_hint__ "
    "__mul__ __reduce__ __reduce_ex__ __reversed__ __rmul__ __sizeof__ copy "
    "elements most_common total"
)
_COMBINE = (
    "__add__ __and__ __neg__ __or__ __pos__ __radd__ "
    "__rand__ __ror__ __rsub__ __rxor__ __sub__ __xor__ difference intersection isdisjoint "
    "issubset issuperset symmetric_difference union"
)
_COMPARE = "__eq__ __ge__ __gt__ __le__ __lt__ __ne__ count index"
_ABSORB = (
    "__iadd__ __iand__ __init__ __ior__ __isub__ __ixor__ difference_update extend extendleft "
    "fromlist intersection_update subtract symmetric_difference_update update"
)
_NO_TOUCH = (
    "__class__ __delattr__ __dir__ __doc__ __getattribute__ __getstate__ __hash__ "
    "__init_subclass__ __new__ __setattr__ __subclasshook__ items keys values"
)
_METHODS: Final[dict[str, Effect | None]] = {
    **dict.fromkeys(_MEASURE.split(), Effect.MEASURE),
    **dict.fromkeys(_COMBINE.split(), Effect.COMBINE),
    **dict.fromkeys(_COMPARE.split(), Effect.COMPARES),
    **dict.fromkeys(("__format__", "__repr__", "__str__"), Effect.SHOWS),
    "remove": Effect.REMOVE,
    "sort": Effect.SORT,
    **dict.fromkeys(_ABSORB.split(), Effect.ABSORB),
    **dict.fromkeys(_NO_TOUCH.split()),
    "fromkeys": Effect.READS,
    "get": Effect.LOOK,
    "__getitem__": Effect.GET,
    "__setitem__": Effect.SET,
    "__contains__": Effect.TEST,
}
"""A container's method that is not here writes the structure."""

_C_METHODS: Final = (
    types.MethodDescriptorType,
    types.WrapperDescriptorType,
    types.ClassMethodDescriptorType,
)
_C_FUNCTIONS: Final = (types.BuiltinFunctionType, types.MethodWrapperType)
_SCALARS: Final = (str, bytes, int, float, complex, range)
_IMMUTABLE: Final = (*_SCALARS, tuple, frozenset)

_known: dict[int, Effect | None] = {id(each): None for each in _HARMLESS}
_kept: list[Any] = list(_HARMLESS)
"""What `_known` names by identity stays alive."""


def _enter(thing: Any, effect: Effect | None) -> None:
    _known.setdefault(id(thing), effect)
    _kept.append(thing)


for _effect, _callables in _EFFECTS.items():
    for _callable in _callables:
        _enter(_callable, _effect)
_enter(Steps.__next__, Effect.NEXT)
for _base in (*BASES, collections.OrderedDict, collections.defaultdict, collections.Counter):
    for _name, _raw in vars(_base).items():
        if callable(_raw) and not isinstance(_raw, type):
            _enter(_raw, _METHODS.get(_name, Effect.CHANGE))
        elif isinstance(_raw, classmethod | types.ClassMethodDescriptorType):
            _enter(_raw, Effect.READS)


_MODELLED: Final = {"pytest_bankrace.model.random": Effect.WRITES}
"""The model's functions that are handed containers: `shuffle` and its like."""


def effect_of(callee: Any) -> Effect | None:
    """What calling an object touches. None if nothing, or if Python code announces it."""
    found = _known.get(id(callee), MISSING)
    if found is not MISSING:
        return found  # type: ignore[return-value]
    kind = type(callee)
    if kind is types.FunctionType:
        note_unseen(callee)
        return _MODELLED.get(callee.__module__)
    if kind is types.MethodType:
        if type(callee.__func__) is types.FunctionType:
            note_unseen(callee.__func__)
        return _known.get(id(callee.__func__))
    if kind in _C_FUNCTIONS:
        return _effect_of_bound(callee)
    if kind in _C_METHODS:
        return effect_of_raw(callee)
    if kind is functools.partial:
        return effect_of(callee.func)
    if isinstance(callee, type):
        return _effect_of_constructor(callee)
    return None


def note_unseen(function: types.FunctionType) -> bool:
    """Tell the runtime of a function that is called, and that touches data without probes."""
    code = function.__code__
    runtime = current.active
    if code.co_filename in instrumented_files or runtime is None:
        return False
    unseen = _unseen.get(code)
    if unseen is None:
        unseen = _unseen[code] = is_unseen(code)
    if unseen:
        place = f"{code.co_qualname} ({code.co_filename}:{code.co_firstlineno})"
        runtime.doubt(f"{place} runs in a thread, and its accesses can't be seen")
    return unseen


_unseen: dict[types.CodeType, bool] = {}


def _effect_of_bound(callee: Any) -> Effect | None:
    owner = callee.__self__
    if owner is None or isinstance(owner, types.ModuleType):
        return Effect.WRITES
    if isinstance(owner, type):
        raw, _ = find_in_mro(mro(owner), callee.__name__)
        return _known.get(id(raw), Effect.READS)
    kinds = mro(type(owner))
    if is_foreign(kinds):
        return Effect.FOREIGN
    raw, _ = find_in_mro(kinds, callee.__name__)
    return Effect.WRITES if raw is MISSING else effect_of_raw(raw)


def effect_of_raw(raw: Any) -> Effect | None:
    """The effect of a method as the class has it."""
    found = _known.get(id(raw), MISSING)
    if found is not MISSING:
        return found  # type: ignore[return-value]
    if type(raw) is types.ClassMethodDescriptorType:
        return Effect.READS
    if type(raw) not in _C_METHODS:
        return None
    owner = raw.__objclass__
    if owner in _IMMUTABLE:
        return Effect.READS
    if owner in (object, type, types.GeneratorType) or issubclass(owner, BaseException):
        return None
    if raw.__name__ == "__next__":
        return Effect.NEXT
    return Effect.WRITES


def _effect_of_constructor(cls: type) -> Effect | None:
    """None for classes made in Python: their `__init__` announces what it reads."""
    init, _ = find_in_mro(mro(cls), "__init__")
    if issubclass(cls, BaseException) or type(init) is types.FunctionType:
        return None
    new, owner = find_in_mro(mro(cls), "__new__")
    if init is object.__init__ and (owner is object or type(new) is staticmethod):
        return None
    return Effect.READS


_JOINING: Final = frozenset({"join", "format", "format_map", "translate", "fromkeys", "extend"})


def effect_of_method(plan: Plan, name: str, kind: type) -> Effect | None:
    """What calling a method touches, found once for each type and name."""
    effect = plan.effect
    if effect is MISSING:
        raw = plan.raw
        if raw is MISSING:
            effect = None
        elif is_foreign(mro(kind)):
            effect = Effect.FOREIGN
        elif type(raw) in _C_METHODS:
            effect = effect_of_raw(raw)
            if kind in _SCALARS and name not in _JOINING:
                effect = None  # takes no container that matters, and is called often
        elif type(raw) is types.FunctionType and note_unseen(raw):
            return None  # not kept: the next exploration is to be told as well
        else:
            effect = _known.get(id(raw))
            if effect is Effect.CHANGE and kind_of(kind) is None:
                effect = None
        plan.effect = effect
    return effect  # type: ignore[no-any-return]


def is_c_callable(thing: Any) -> bool:
    """Whether a callable that is data in an object must be looked at before it is called."""
    return type(thing) in _C_FUNCTIONS or type(thing) in _C_METHODS


def is_built_in_class(thing: Any) -> bool:
    """Whether something is a class such as `list` or `str`: no user's class, which may iterate."""
    return isinstance(thing, type) and not thing.__flags__ & HEAP_TYPE
