"""Is a wait explained: notified too early, or somebody else, or gone on without looking again?"""

from __future__ import annotations

import pytest

from pytest_bankrace import explore
from pytest_bankrace.verdict import Deadlock, Finding, LostWakeup, StaleCheck, ThreadCrashed
from tests.twins import HERE, scenario_of


def finding(name: str) -> Finding:
    scenario, module = scenario_of(HERE / "fails" / f"{name}.py")
    verdict = explore(scenario, submissions=[module])
    assert verdict.finding is not None, verdict
    return verdict.finding


@pytest.mark.parametrize(
    ("program", "told"),
    [
        ("notify_before_wait", "opener notified it (notify_before_wait.py:16) when nobody was"),
        ("latch_unlocked", "notified it (latch_unlocked.py:17) when branch 2 was not yet waiting"),
        ("latch", "the notification (latch.py:18) woke branch 1, and nobody else"),
        (
            "one_flag_for_two",
            "customer 2 wrote bell.rung ← True (one_flag_for_two.py:16), and",
        ),
        ("event_cleared", "ring cleared it (event_cleared.py:20) before answer came"),
    ],
)
def test_a_lost_wakeup_tells_what_became_of_the_notification(program: str, told: str) -> None:
    found = finding(program)
    assert type(found) is LostWakeup
    assert told in f"{found.what} {found.why} {found.look}"


@pytest.mark.parametrize(
    ("program", "told"),
    [
        ("bounded_buffer_semaphores", "waits for buffer.filled to be released"),
        ("cigarette_smokers", "waits for table.smoked to be released"),
        ("barrier_parties", "waits for bank.closing to be full"),
        ("nested_monitor", "waits for account.changed to be notified"),
        ("reusable_barrier", "waits for barrier.changed to be notified"),
    ],
)
def test_what_nobody_will_do_any_more_is_a_deadlock(program: str, told: str) -> None:
    found = finding(program)
    assert type(found) is Deadlock
    assert told in found.what


@pytest.mark.parametrize(
    ("program", "kind", "why", "look"),
    [
        ("wait_if", StaleCheck, "shopper 2 was there first", "it was woken"),
        ("wait_if_notify_all", ThreadCrashed, "consumer 1 changed mailbox", "it was woken"),
        ("bounded_buffer_if", ThreadCrashed, "consumer 2 changed buffer", "it was woken"),
        ("wait_timeout_ignored", ThreadCrashed, "", "its time was over"),
    ],
)
def test_who_goes_on_without_looking_again_is_told_so(
    program: str, kind: type[Finding], why: str, look: str
) -> None:
    found = finding(program)
    assert type(found) is kind
    assert why in found.why
    assert f" until {look}, and went on without looking again: `while` in place of" in found.look
