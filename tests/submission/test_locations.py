"""Is a value's place found, and without running any of the user's code?"""

from __future__ import annotations

import enum
import threading
from types import ModuleType
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pytest_bankrace.submission import locations
from pytest_bankrace.submission.containers import exact_key, kind_of, owner_of
from pytest_bankrace.submission.locations import MISSING, locate, value_of


class Base:
    inherited = 1
    hidden = 2

    def method(self) -> None: ...

    @property
    def computed(self) -> int:
        raise AssertionError("user code ran")

    @classmethod
    def made(cls) -> None: ...


class Account(Base):
    own = 3
    __slots__ = ("slot",)

    def __init__(self) -> None:
        self.balance = 5

    def __getattr__(self, name: str) -> Any:
        raise AssertionError("user code ran")

    def __eq__(self, other: object) -> bool:
        raise AssertionError("user code ran")

    def __bool__(self) -> bool:
        raise AssertionError("user code ran")

    __hash__ = None  # type: ignore[assignment]


class Meta(type):
    on_meta = 1


class Made(metaclass=Meta):
    data = 1

    class Inner: ...


class Colour(enum.Enum):
    RED = 1


@pytest.mark.parametrize(
    ("name", "second", "value"),
    [
        ("balance", None, 5),
        ("own", Account, 3),
        ("inherited", Base, 1),
        ("nowhere", None, MISSING),
        ("slot", None, MISSING),
    ],
)
def test_an_instances_data(name: str, second: type | None, value: object) -> None:
    account = Account()
    place = locate(account, name)
    assert place is not None
    assert place[0] is account
    assert place[1] is second
    assert value_of(account, name) is value


@pytest.mark.parametrize("name", ["method", "computed", "made", "__class__", "__dict__"])
def test_code_in_a_class_has_no_location(name: str) -> None:
    assert locate(Account(), name) is None


def test_an_instance_may_shadow_a_method_but_not_a_property() -> None:
    account = Account()
    vars(account).update(method=1, computed=2, hidden=3)
    assert locate(account, "method") is not None
    assert locate(account, "computed") is None
    assert value_of(account, "hidden") == 3


def test_a_slot_is_the_instances() -> None:
    account = Account()
    account.slot = 7  # type: ignore[attr-defined]
    place = locate(account, "slot")
    assert place is not None
    assert place[0] is account
    assert value_of(account, "slot") == 7


@pytest.mark.parametrize(
    ("cls", "name", "expected"),
    [
        (Base, "inherited", (Base, None)),
        (Account, "inherited", (Account, Base)),
        (Made, "nowhere", (Made, None)),
        (Made, "on_meta", (Made, Meta)),
        (Made, "Inner", None),
        (Base, "method", None),
        (Base, "__name__", None),
        (Colour, "RED", None),
        (int, "real", None),
    ],
)
def test_a_classes_data(cls: type, name: str, expected: object) -> None:
    assert locate(cls, name) == expected


@pytest.mark.parametrize("thing", [5, "a", None, (1,), threading.local(), [], print])
def test_what_is_not_shared_has_no_location(thing: object) -> None:
    assert locate(thing, "x") is None


def test_only_the_submissions_modules_have_locations(monkeypatch: pytest.MonkeyPatch) -> None:
    bank = ModuleType("bank")
    bank.__file__ = "bank.py"
    bank.total = 1  # type: ignore[attr-defined]
    assert locate(bank, "total") is None
    monkeypatch.setattr(locations, "instrumented_files", {"bank.py"})
    place = locate(bank, "total")
    assert place is not None
    assert place[0] is vars(bank)
    assert value_of(bank, "total") == 1


def test_a_class_that_is_being_made_is_no_obstacle() -> None:
    seen: list[object] = []

    class Early(type):
        def mro(cls) -> list[type]:
            seen.append(locate(cls, "x"))
            return super().mro()

    class C(metaclass=Early): ...

    assert seen == [(C, None)]


def test_the_cache_does_not_keep_all_classes_alive() -> None:
    for _ in range(3000):
        locate(type("C", (), {})(), "x")
    assert len(locations.plans) <= 1024


NAMES = st.sampled_from("abc")
VALUES = st.sampled_from([1, len, property(lambda self: 2), staticmethod(len), int])


@given(
    bases=st.lists(st.dictionaries(NAMES, VALUES), min_size=1, max_size=3),
    own=st.dictionaries(NAMES, st.integers()),
    name=NAMES,
)
def test_the_value_found_is_what_python_finds(
    bases: list[dict[str, Any]], own: dict[str, int], name: str
) -> None:
    cls: type = object
    for namespace in bases:
        cls = type("C", (cls,), dict(namespace))
    thing = cls()
    vars(thing).update(own)
    place = locate(thing, name)
    if place is None:
        # Code in a class, which the instance does not shadow.
        assert hasattr(type(thing), name)
        raw, _ = locations.find_in_mro(type(thing).__mro__, name)
        assert type(raw) is not int
        assert name not in own or isinstance(raw, property)
    elif value_of(thing, name) is MISSING:
        assert not hasattr(thing, name)
    else:
        assert getattr(thing, name) is value_of(thing, name)
        assert (place[1] is None) == (name in own)


@given(st.recursive(st.integers() | st.text() | st.none() | st.floats(), lambda k: st.tuples(k, k)))
def test_a_key_is_exact_only_where_comparing_it_is_harmless(key: object) -> None:
    if exact_key(key):
        assert key == key
        assert "nan" not in repr(key).replace("'nan'", "") or "'" in repr(key)
    else:
        assert any(isinstance(part, float) for part in flatten(key))


def flatten(key: object) -> list[object]:
    return [p for each in key for p in flatten(each)] if isinstance(key, tuple) else [key]


class Text(str):
    __slots__ = ()


@pytest.mark.parametrize("key", [Text("a"), Account, object(), frozenset(), 1.0, (1, Text("b"))])
def test_a_key_with_a_comparison_of_its_own_is_not_exact(key: object) -> None:
    assert not exact_key(key)


def test_views_belong_to_their_container() -> None:
    accounts = {"a": 1}
    for view in (accounts.keys(), accounts.values(), accounts.items()):
        kind = kind_of(type(view))
        assert kind is not None
        assert owner_of(view, kind) is accounts


@pytest.mark.parametrize("thing", ["a", 1, (1,), frozenset(), range(3), Account, len])
def test_what_is_no_mutable_container(thing: object) -> None:
    assert kind_of(type(thing)) is None
