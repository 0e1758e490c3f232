"""Does each trace get its one right name, with the evidence and the cause?"""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pytest_bankrace.explain.diagnosis import Explanation, diagnose
from pytest_bankrace.explain.evidence import number
from pytest_bankrace.verdict import (
    Comparison,
    Deadlock,
    Failing,
    Finding,
    InvariantViolated,
    Livelock,
    LostUpdate,
    OrphanedLock,
    SelfDeadlock,
    StaleCheck,
    Symptom,
    ThreadCrashed,
    TornRead,
    Trace,
)
from tests.explain import builders
from tests.explain.builders import WATCH, Story, always, assertion, at_end, frame
from tests.explain.strategies import failings, traces


def explained(trace: Trace, failing: Failing, kind: type[Finding]) -> Explanation:
    found = diagnose(trace, failing)
    assert type(found.finding) is kind, found.finding
    return found


# -- Lost update


def test_a_lost_update_tells_what_was_overwritten_and_what_is_missing() -> None:
    s = Story("main", "teller 1", "teller 2", watch=WATCH)
    s.read(1, "alice.balance", 14, "100")
    s.read(2, "alice.balance", 15, "100").write(2, "alice.balance", 15, "160")
    s.write(1, "alice.balance", 14, "40")
    found = explained(s.trace(), at_end("140", "200"), LostUpdate)
    assert found.finding.what == (
        "alice.balance. 160 was overwritten, and 60 is gone: 140 at the end, 200 expected."
    )
    assert "teller 1 and teller 2 both read 100 before either wrote" in found.finding.why
    assert "wrote 40 over it (bank.py:14)" in found.finding.why
    assert found.fateful == {0, 1, 2, 3}


def test_what_the_lost_write_took_is_too_much_in_the_end() -> None:
    found = explained(builders.lost_update(), at_end("140", "110"), LostUpdate)
    assert "70 was overwritten, and 30 is too much: 140 at the end" in found.finding.what


def test_a_difference_that_the_lost_write_does_not_explain_is_not_put_on_it() -> None:
    found = explained(builders.lost_update(), at_end("140", "200"), LostUpdate)
    assert found.finding.what == (
        "alice.balance. 70 was overwritten: 140 at the end, 200 expected."
    )


def test_of_several_lost_updates_the_one_that_explains_the_sum_is_told() -> None:
    s = Story("main", "teller 1", "teller 2")
    s.read(1, "bank.count", 14, "0").read(2, "bank.count", 14, "0")
    s.write(2, "bank.count", 14, "1").write(1, "bank.count", 14, "1")
    s.read(1, "alice.balance", 15, "100").read(2, "alice.balance", 15, "100")
    s.write(2, "alice.balance", 15, "160").write(1, "alice.balance", 15, "130")
    found = explained(s.trace(), at_end("140", "200"), LostUpdate)
    assert found.finding.what.startswith("alice.balance. 160 was overwritten, and 60 is gone")


def test_a_write_that_read_anew_loses_nothing() -> None:
    s = Story("main", "teller 1", "teller 2")
    for thread, old, new in ((1, "100", "40"), (2, "40", "10")):
        s.read(thread, "alice.balance", 14, old).write(thread, "alice.balance", 14, new)
    explained(s.trace(), at_end(), InvariantViolated)


def test_decimals_are_reckoned_with() -> None:
    assert number("Decimal('0.30')") == number("0.3")
    s = Story("main", "teller 1", "teller 2")
    s.read(1, "alice.balance", 14, "Decimal('1.00')").read(
        2, "alice.balance", 14, "Decimal('1.00')"
    )
    s.write(2, "alice.balance", 14, "Decimal('1.50')")
    s.write(1, "alice.balance", 14, "Decimal('2.00')")
    found = explained(s.trace(), at_end("Decimal('2.00')", "Decimal('2.50')"), LostUpdate)
    assert "0.5 is gone" in found.finding.what


# -- Stale check


@pytest.mark.parametrize("locked", [True, False])
def test_a_stale_check_is_not_called_a_lost_update(locked: bool) -> None:
    found = explained(builders.overdraft(locked=locked), always(), StaleCheck)
    assert found.finding.what == (
        "alice.balance. It was 100 when teller 1 checked it, 40 when teller 1 acted on it:"
        " -20 now, and it should be >= 0."
    )
    assert "checked alice.balance (bank.py:11)" in found.finding.why


def test_a_lost_update_with_a_check_before_it_is_a_lost_update() -> None:
    s = Story("main", "teller 1", "teller 2", watch=WATCH)
    s.read(1, "alice.balance", 11, "100").read(1, "alice.balance", 14, "100")
    s.read(2, "alice.balance", 11, "100").read(2, "alice.balance", 14, "100")
    s.write(2, "alice.balance", 14, "40").write(1, "alice.balance", 14, "40")
    explained(s.trace(), at_end("200", "140"), LostUpdate)


def test_a_key_that_both_find_missing_is_a_stale_check() -> None:
    line = replace(frame(40, "open"), source="if name not in bank.accounts:")
    s = Story("main", "teller 1", "teller 2")
    s.read(1, "bank.accounts", 40, location=(5, "*"), frames=(line,))
    s.write(2, "bank.accounts['eve']", 41, "Account(0)", location=(5, "eve"))
    s.write(1, "bank.accounts['eve']", 41, "Account(0)", location=(5, "eve"))
    failing = replace(at_end("0", "50"), source="bank.accounts['eve'].balance == 50")
    explained(s.trace(), failing, StaleCheck)


def test_a_check_that_was_renewed_is_not_stale() -> None:
    s = Story("main", "teller 1", "teller 2", watch=WATCH)
    s.read(1, "alice.balance", 11, "100")
    s.read(2, "alice.balance", 14, "100").write(2, "alice.balance", 14, "90")
    s.read(1, "alice.balance", 11, "90")
    s.read(1, "alice.balance", 14, "90").write(1, "alice.balance", 14, "-20")
    explained(s.trace(), always(), InvariantViolated)


# -- Torn read


def test_a_reader_that_saw_one_half_of_a_change() -> None:
    failing = Failing(Symptom.AT_END, source="all(total == 200 for total in seen)")
    found = explained(builders.torn_read(), failing, TornRead)
    assert "alice.balance → 100 from before" in found.finding.what
    assert "bob.balance → 160 from after teller's change" in found.finding.what


def test_an_assertion_in_the_middle_of_a_change_needs_evidence() -> None:
    told = "AssertionError: assert (40 + 100) == 200\n +  where 40 = Account().balance"
    found = explained(builders.halfway(), assertion(2, told), TornRead)
    assert ": 140 now, 200 expected." in found.finding.what
    explained(builders.halfway(lock="bank.lock"), assertion(2, "AssertionError"), TornRead)
    explained(builders.halfway(), assertion(2, "AssertionError"), InvariantViolated)


def test_reads_on_the_same_side_of_a_change_are_whole() -> None:
    s = Story("main", "teller", "auditor", watch=WATCH)
    s.write(1, "alice.balance", 14, "40").write(1, "bob.balance", 15, "160")
    s.read(2, "alice.balance", 20, "40").read(2, "bob.balance", 20, "160")
    explained(s.trace(), assertion(2, "AssertionError: no"), InvariantViolated)


# -- Blocked


def test_a_deadlock_is_a_circle_in_one_sentence() -> None:
    found = explained(builders.deadlock(), Failing(Symptom.CYCLE), Deadlock)
    assert found.finding.what == (
        "teller 1 holds alice.lock (bank.py:12) and waits for bob.lock (bank.py:13);"
        " teller 2 holds bob.lock (bank.py:12) and waits for alice.lock (bank.py:13)."
    )
    assert "opposite orders" in found.finding.look
    assert "Both run the same lines" in found.finding.look
    assert found.fateful == {0, 1}


def test_a_circle_of_three_and_a_bystander() -> None:
    s = Story("main", "a", "b", "c", "zoe")
    s.waits(4, "x", 13, 1, 12)
    s.waits(1, "y", 13, 2, 12).waits(2, "z", 13, 3, 12).waits(3, "x", 13, 1, 12)
    what = diagnose(s.trace(), Failing(Symptom.CYCLE)).finding.what
    assert what.count("holds") == 3
    assert "zoe" not in what


def test_a_thread_that_is_joined_while_its_lock_is_held() -> None:
    s = Story("main", "teller")
    s.acquire(0, "bank.lock", 12)
    s.waits(0, "teller", 16, 1).waits(1, "bank.lock", 30, 0, 12)
    what = explained(s.trace(), Failing(Symptom.CYCLE), Deadlock).finding.what
    assert "main holds bank.lock (bank.py:12) and waits for teller to end (bank.py:16)" in what
    assert "teller waits for bank.lock (bank.py:30)" in what


def test_a_self_deadlock_tells_the_calls() -> None:
    found = explained(builders.self_deadlock(), Failing(Symptom.SELF, 1), SelfDeadlock)
    assert "bank.lock (bank.py:30), which it holds itself since bank.py:12" in found.finding.what
    assert "transfer (bank.py:14) calls Bank.withdraw (bank.py:30)" in found.finding.why


def test_nobody_can_go_on() -> None:
    s = Story("main", "teller 1").waits(1, "bank.lock", 12, None)
    what = explained(s.trace(), Failing(Symptom.BLOCKED), Deadlock).finding.what
    assert what == "teller 1 waits for bank.lock (bank.py:12)."


def test_an_orphaned_lock_tells_who_left_and_who_waits() -> None:
    failing = Failing(Symptom.ORPHAN, 1, lock="alice.lock", taken=(frame(12),))
    found = explained(builders.orphan(), failing, OrphanedLock)
    assert "teller 1 has ended without releasing alice.lock" in found.finding.what
    assert "which it took at bank.py:12" in found.finding.what
    assert "teller 2 (bank.py:12) waits for it for ever" in found.finding.why
    found = explained(builders.orphan(waiter=False), failing, OrphanedLock)
    assert "Whoever needs it next" in found.finding.why


# -- The rest


def test_a_loop_without_end() -> None:
    failing = Failing(Symptom.ENDLESS, 1, frames=(frame(24),))
    found = explained(builders.livelock(), failing, Livelock)
    assert "bank.py:24 `while not bank.open:`" in found.finding.what
    assert "bank.open → False" in found.finding.why


def test_a_crash_tells_the_lock_it_left_behind() -> None:
    failing = Failing(Symptom.CRASH, 1, error="Broke: 1 < 2", frames=(frame(16),))
    found = explained(builders.orphan(waiter=False), failing, ThreadCrashed)
    assert found.finding.what == "teller 1: Broke: 1 < 2 (bank.py:16)."
    assert "without releasing alice.lock (bank.py:12)" in found.finding.look


def test_a_crash_tells_what_was_changed_beneath_it() -> None:
    s = Story("main", "teller", "auditor")
    s.read(2, "bank.accounts", 20, location=(3, "*"))
    s.write(1, "bank.accounts['eve']", 15, "1", location=(3, "eve"))
    s.read(2, "bank.accounts", 20, location=(3, "*"))
    failing = Failing(Symptom.CRASH, 2, error="RuntimeError: changed size", frames=(frame(20),))
    why = explained(s.trace(), failing, ThreadCrashed).finding.why
    assert "then teller changed bank.accounts['eve'] (bank.py:15)" in why


def test_plain_facts_where_the_evidence_is_not_clear() -> None:
    s = Story("main", "teller 1", watch=WATCH).write(1, "alice.balance", 14, "-20")
    found = explained(s.trace(), always(), InvariantViolated)
    assert found.finding.what == "`alice.balance >= 0` does not hold: -20 >= 0 is false."
    assert "first seen to fail after teller 1 wrote alice.balance ← -20" in found.finding.why


def test_a_predicate_that_raises() -> None:
    failing = Failing(Symptom.PREDICATE, predicate="at_end", error="KeyError: 'eve'")
    found = explained(builders.lost_update(), failing, InvariantViolated)
    assert found.finding.what == "`at_end` raised KeyError: 'eve'."


# -- Causes


@pytest.mark.parametrize(
    ("trace", "failing", "cause"),
    [
        (builders.lost_update(), at_end(), "No lock is held at bank.py:14 and bank.py:15"),
        (
            builders.lost_update(first_lock="bank.lock"),
            at_end(),
            "teller 1 holds bank.lock at bank.py:14, but teller 2 holds no lock at bank.py:15",
        ),
        (
            builders.lost_update(first_lock="a.lock", second_lock="b.lock"),
            at_end(),
            "different locks do not keep each other out",
        ),
        (builders.overdraft(), always(), "reads at bank.py:11 before it takes alice.lock"),
        (
            builders.halfway(lock="bank.lock"),
            assertion(2, "assert 140 == 200"),
            "teller holds bank.lock at bank.py:14, but auditor holds no lock at bank.py:20",
        ),
    ],
)
def test_the_cause_is_told(trace: Trace, failing: Failing, cause: str) -> None:
    assert cause in diagnose(trace, failing).finding.look


def test_a_lock_made_anew_in_each_call() -> None:
    s = Story("main", "teller 1", "teller 2")
    for thread, made in ((1, 8), (2, 9)):
        s.acquire(thread, "a lock made at bank.py:18", 12, location=(made, "lock"))
        s.read(thread, "alice.balance", 14, "100")
    s.write(1, "alice.balance", 14, "40").write(2, "alice.balance", 14, "70")
    look = explained(s.trace(), at_end(), LostUpdate).finding.look
    assert "Each of the two holds its own lock, a lock made at bank.py:18" in look


def test_a_lock_released_in_between() -> None:
    s = Story("main", "teller 1", "teller 2")
    s.acquire(1, "lock", 12).read(1, "alice.balance", 14, "100").release(1, "lock", 12)
    s.acquire(2, "lock", 12).read(2, "alice.balance", 14, "100")
    s.write(2, "alice.balance", 14, "70").release(2, "lock", 12)
    s.acquire(1, "lock", 13).write(1, "alice.balance", 15, "40")
    look = explained(s.trace(), at_end(), LostUpdate).finding.look
    assert "teller 1 releases lock at bank.py:12 after bank.py:14 and before bank.py:15" in look


def test_a_lock_that_was_not_got_and_gone_on_without() -> None:
    s = Story("main", "teller 1", "teller 2")
    s.acquire(1, "lock", 12).read(1, "alice.balance", 14, "100").attempt(2, "lock", 30, False)
    s.read(2, "alice.balance", 15, "100").write(2, "alice.balance", 15, "70")
    s.write(1, "alice.balance", 14, "40")
    look = explained(s.trace(), at_end(), LostUpdate).finding.look
    assert "teller 2 tried to acquire lock at bank.py:30, did not get it (False)" in look


def test_nothing_is_said_of_locks_where_the_beginning_is_cut_off() -> None:
    trace = replace(builders.lost_update(), omitted=7)
    assert explained(trace, at_end(), LostUpdate).finding.look == ""


def test_the_line_that_calls_a_getter_and_a_setter_is_the_one_to_look_at() -> None:
    caller = replace(frame(24), source="src.set(src.get() - amount)")
    get, put = frame(12, "Account.get"), frame(15, "Account.set")
    s = Story("main", "teller 1", "teller 2")
    s.read(1, "alice.balance", 12, "100", frames=(get, caller))
    s.read(2, "alice.balance", 12, "100", frames=(get, caller))
    s.write(2, "alice.balance", 15, "70", frames=(put, caller))
    s.write(1, "alice.balance", 15, "40", frames=(put, caller))
    look = explained(s.trace(), at_end(), LostUpdate).finding.look
    assert "comes to both from bank.py:24: `src.set(src.get() - amount)`." in look


def test_a_lock_that_another_thread_released() -> None:
    s = Story("main", "teller 1", "teller 2")
    s.acquire(1, "lock", 12).attempt(2, "lock", 30, False)
    s.release(2, "lock", 31).release(1, "lock", 13)
    failing = Failing(Symptom.CRASH, 1, error="RuntimeError: release unlocked lock")
    found = explained(s.trace(), failing, ThreadCrashed).finding
    assert found.why == "teller 2 had released lock (bank.py:31), although teller 1 held it."
    assert "teller 2 tried to acquire lock at bank.py:30" in found.look


def test_threads_of_one_name_are_told_apart() -> None:
    trace = replace(builders.lost_update(), threads=("main", "deposit", "deposit"))
    why = explained(trace, at_end(), LostUpdate).finding.why
    assert why.startswith("deposit 1 and deposit 2 both read 100")


# -- Anything


@settings(max_examples=300, deadline=None)
@given(traces(), failings())
def test_any_trace_gives_a_finding(trace: Trace, failing: Failing) -> None:
    found = diagnose(trace, failing)
    assert found.finding.what
    assert all(0 <= index < len(trace.steps) for index in found.fateful)


@pytest.mark.parametrize("symptom", list(Symptom))
def test_an_empty_trace_gives_a_finding(symptom: Symptom) -> None:
    for failing in (Failing(symptom), Failing(symptom, 3, comparison=Comparison("", "", "", ""))):
        assert diagnose(Trace((), ()), failing).finding.what


@given(st.text(max_size=40))
def test_any_text_is_a_number_or_none(text: str) -> None:
    number(text)
