"""Is a predicate's comparison found again, with its two values?"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import wraps
from typing import Any

import pytest

from pytest_bankrace.explain.predicate import compare, source_of
from pytest_bankrace.verdict import Comparison


@dataclass
class Account:
    balance: int
    looks: list[str] = field(default_factory=list)

    def look(self) -> int:
        self.looks.append("looked")
        return self.balance


ALICE, BOB = Account(40), Account(100)
EXPECTED = 200
STATE = (ALICE, BOB)


def race(*functions: Any, **named: Any) -> tuple[Any, ...]:
    return (*functions, *named.values())


def sides(function: Any, *args: Any) -> tuple[str, str, str] | None:
    found = compare(function, args or STATE)
    return None if found is None else (found.left, found.operator, found.right)


def test_a_lambda_gives_its_text_and_values() -> None:
    total = lambda alice, bob: alice.balance + bob.balance == 200  # noqa: E731
    assert compare(total, STATE) == Comparison(
        "alice.balance + bob.balance == 200", "140", "==", "200"
    )
    assert source_of(total) == "alice.balance + bob.balance == 200"


def test_what_holds_gives_no_comparison() -> None:
    assert compare(lambda alice, bob: alice.balance == 40, STATE) is None


def test_the_first_conjunct_that_is_false_is_the_one_told() -> None:
    enough = lambda alice, bob: bob.balance >= 0 and alice.balance >= 50 and 1 > 2  # noqa: E731
    assert compare(enough, STATE) == Comparison("alice.balance >= 50", "40", ">=", "50")


def test_lambdas_on_one_line_are_told_apart() -> None:
    first, second, third = race(lambda a, b: a.balance == 1, lambda a, b: b.balance == 2, at_end=lambda a, b: a.balance > b.balance)  # noqa: E501 # fmt: skip
    assert source_of(first) == "a.balance == 1"
    assert source_of(second) == "b.balance == 2"
    assert sides(third) == ("40", ">", "100")


def test_a_lambda_in_a_lambda_is_told_apart_from_it() -> None:
    outer = lambda a, b: lambda a, b: a.balance == 7  # noqa: E731
    assert source_of(outer(*STATE)) == "a.balance == 7"
    assert source_of(outer).endswith("lambda a, b: a.balance == 7")


def test_a_lambda_over_several_lines() -> None:
    (total,) = race(
        at_end=lambda alice, bob: (
            alice.balance  # what is left
            + bob.balance
            == EXPECTED
        )
    )
    assert sides(total) == ("140", "==", "200")
    assert source_of(total) == "alice.balance + bob.balance == EXPECTED"


def test_a_closure_a_default_and_a_comprehension() -> None:
    expected = 300
    total = lambda *accounts, more=0: sum(a.balance + more for a in accounts) == expected  # noqa: E731
    assert sides(total) is None or sides(total) == ("140", "==", "300")

    def sum_is_kept(alice: Account, bob: Account, more: int = 1) -> bool:
        return sum(account.balance + more for account in (alice, bob)) == expected

    assert sides(sum_is_kept) == ("142", "==", "300")


def test_functions_with_return_assert_and_steps_before() -> None:
    def asserts(alice: Account, bob: Account) -> None:
        """No money is lost."""
        total = alice.balance + bob.balance
        assert alice.balance >= 0
        assert total == 200, "money is lost"

    def loops(alice: Account, bob: Account) -> None:
        for account in (alice, bob):
            assert account.balance >= 50

    assert sides(asserts) == ("140", "==", "200")
    assert sides(loops) == ("40", ">=", "50")
    assert source_of(asserts) == "asserts(alice, bob)"


def test_a_chain_tells_the_link_that_breaks() -> None:
    assert compare(lambda a, b: 0 <= a.balance <= 30, STATE) == Comparison(
        "a.balance <= 30", "40", "<=", "30"
    )


def test_each_side_is_evaluated_once() -> None:
    account = Account(5)
    assert sides(lambda a: a.look() == 6, account) == ("5", "==", "6")
    assert account.looks == ["looked"]


def test_a_method_is_given_its_own_object() -> None:
    class Bank:
        total = 140

        def consistent(self, alice: Account, bob: Account) -> bool:
            return self.total == 200

    assert sides(Bank().consistent) == ("140", "==", "200")


def test_a_wrapped_predicate_is_read_where_it_stands_for_itself() -> None:
    def call(inner: Any) -> Any:
        @wraps(inner)
        def wrapper(*state: Any) -> Any:
            return inner(*state)

        return wrapper

    assert source_of(call(lambda a, b: a.balance == 7)) == "a.balance == 7"
    assert sides(call(lambda a, b: a.balance == 7)) == ("40", "==", "7")
    assert sides(call(lambda a, b: a.balance == EXPECTED)) is None


def raises(alice: Account, bob: Account) -> bool:
    return alice.missing == 200  # type: ignore[attr-defined, no-any-return]


@pytest.mark.parametrize(
    "function",
    [
        raises,
        lambda a, b: False,
        lambda a, b: not (a.balance and b.balance),
        lambda a, b: any(x.balance == 7 for x in (a, b)),
        lambda a: a.balance == 7,
        print,
        None,
        eval("lambda a, b: a.balance == 7"),
    ],
)
def test_what_can_not_be_told_gives_none_and_never_raises(function: Any) -> None:
    assert compare(function, STATE) is None
    source_of(function)


def test_values_show_no_address() -> None:
    found = sides(lambda a, b: object() == "x" * 100)
    assert found is not None
    assert found[0] == "<object>"
    assert len(found[2]) <= 42
