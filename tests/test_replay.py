"""Does a token run exactly its interleaving again, and is every other use of it refused?"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from pytest_bankrace import Outcome, Scenario, UsageError, explore
from pytest_bankrace.replay_token import read
from pytest_bankrace.strategy.dpor import OptimalDpor
from pytest_bankrace.strategy.walk import RandomWalk
from tests.test_twins import GIVEN_UP
from tests.twins import programs, scenario_of

BANK = """
class Account:
    def __init__(self, balance):
        self.balance = balance

def transfer(src, dst, amount):
    src.balance -= amount
    dst.balance += amount
"""
RACE = """
    race(
        lambda: (submission.Account(100), submission.Account(100)),
        lambda alice, bob: submission.transfer(alice, bob, {amount}),
        lambda alice, bob: submission.transfer(bob, alice, 30),
        at_end=lambda alice, bob: alice.balance + bob.balance == {sum},
    )
"""
TEST = f"""
def test_money(race, submission):{RACE.format(amount=60, sum=200)}
def test_other(race, submission):{RACE.format(amount=10, sum=200)}
"""


@pytest.mark.parametrize("path", programs("fails"), ids=lambda path: path.stem)
@pytest.mark.parametrize("search", ["portfolio", "walk", "dpor"])
def test_every_failure_replays(path: Path, search: str) -> None:
    strategy: Any = {"portfolio": None, "walk": RandomWalk(3), "dpor": OptimalDpor()}[search]
    scenario, module = scenario_of(path)
    verdict = explore(scenario, submissions=[module], strategy=strategy)
    if search == "dpor" and path.stem in GIVEN_UP:
        assert verdict.outcome is Outcome.SURVIVED
        return
    again = explore(scenario, submissions=[module], replay=verdict.replay)
    assert again.outcome is Outcome.FAILED
    assert again.schedules == 1
    assert (again.finding, again.trace, again.replay) == (
        verdict.finding,
        verdict.trace,
        verdict.replay,
    )


@pytest.fixture
def run(pytester: pytest.Pytester) -> Any:
    pytester.makepyfile(bank=BANK, test_it=TEST)

    def run(*words: str, seed: str = "random", typed: str = "") -> str:
        """What pytest says, in a process of its own."""
        found = subprocess.run(
            [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", *words],
            capture_output=True,
            text=True,
            input=typed,
            cwd=pytester.path,
            env={**os.environ, "PYTHONHASHSEED": seed, "PYTHONIOENCODING": "utf-8"},
            timeout=60,
        )
        return found.stdout

    return run


def commands(text: str) -> list[list[str]]:
    """The words after `pytest` of each line `Again`."""
    return [line.split()[2:] for line in text.splitlines() if line.startswith("Again pytest ")]


def interleaving(text: str) -> list[str]:
    return [line for line in text.splitlines() if line.startswith(("  ", "Why"))]


def test_the_command_that_is_printed_runs_it_again(run: Any) -> None:
    told = run("test_it.py::test_money", seed="1")
    (command,) = commands(told)
    assert "--bankrace-replay" in command
    again = run(*command, seed="2")
    assert "(schedule 1, 2 switches; seed 0)" in again
    assert interleaving(again) == interleaving(told)
    assert commands(again) == [command]


def test_a_repetition_is_replayed_as_the_one_it_was(run: Any) -> None:
    told = run("test_it.py::test_money", "--count", "3")
    found = commands(told)
    assert len(found) == 3
    for command in found:
        assert "(schedule 1, " in run(*command)


def test_a_damaged_token_is_refused(run: Any) -> None:
    for token in ("nonsense", "1:1x4.2x4:abcdefg", "1:1x99999999:abcdefg", "1:1x4"):
        told = run("test_it.py::test_money", f"--bankrace-replay={token}")
        assert f"the replay token '{token}' is damaged: copy it whole" in told
        assert "1 error" in told


def test_each_change_of_a_token_is_noticed() -> None:
    (path, *_) = programs("fails")
    scenario, module = scenario_of(path)
    token = explore(scenario, submissions=[module]).replay
    assert read(token).threads
    for place, old in enumerate(token):
        for new in "09axyz:+.":
            if new != old:
                with pytest.raises(UsageError, match=r"is damaged|belongs to another"):
                    explore(scenario, replay=token[:place] + new + token[place + 1 :])
        with pytest.raises(UsageError, match="is damaged"):
            read(token[:place])


def test_a_token_of_another_test_is_refused(run: Any, pytester: pytest.Pytester) -> None:
    token = commands(run("test_it.py::test_money"))[0][-1]
    told = run("--bankrace-replay", token)
    assert "1 failed" not in told
    assert "2 failed" in told
    assert f"the replay token {token} belongs to another test" in told
    assert "(schedule 1, " in told


def test_a_program_that_has_changed_is_refused_by_the_step(
    run: Any, pytester: pytest.Pytester
) -> None:
    command = commands(run("test_it.py::test_money"))[0]
    pytester.makepyfile(bank="# a comment moves the lines only\n" + BANK)
    assert "Lost update" in run(*command)
    pytester.makepyfile(bank=BANK.replace("dst.balance += amount", "dst.balance += 1 * amount"))
    told = run(*command)
    assert "the program is not the one that the replay token" in told
    assert re.search(
        r"steps \d+ to \d+, by teller 1, are not as then, and are now at bank.py:\d", told
    )
    assert "Run the test without --bankrace-replay." in told


def test_a_program_that_does_more_or_less_is_refused() -> None:
    (path,) = (path for path in programs("fails") if path.stem == "attribute")
    scenario, module = scenario_of(path)
    token = explore(scenario, submissions=[module]).replay

    def longer(*state: Any) -> None:
        scenario.threads[1](*state)
        scenario.threads[1](*state)

    for bodies in (scenario.threads[:1], (scenario.threads[0], longer)):
        changed = Scenario(scenario.setup, *bodies, at_end=scenario.at_end)
        with pytest.raises(
            UsageError, match=r"(steps? \d|goes on after step).*Run the test without"
        ):
            explore(changed, submissions=[module], replay=token)


def test_a_predicate_that_now_holds_is_no_failure() -> None:
    (path,) = (path for path in programs("fails") if path.stem == "attribute")
    scenario, module = scenario_of(path)
    token = explore(scenario, submissions=[module]).replay
    milder = Scenario(scenario.setup, *scenario.threads)
    verdict = explore(milder, submissions=[module], replay=token)
    assert verdict.outcome is Outcome.SURVIVED
    assert "does not fail any more" in verdict.reason


def test_one_of_several_races_in_a_test(run: Any, pytester: pytest.Pytester) -> None:
    both = RACE.format(amount=0, sum=200).replace("30", "0") + RACE.format(amount=60, sum=200)
    pytester.makepyfile(test_it=f"def test_two(race, submission):{both}")
    (command,) = commands(run("test_it.py"))
    assert command[-1].startswith("2:")
    told = run(*command)
    assert "(schedule 1, " in told
    pytester.makepyfile(test_it=f"def test_two(race, submission):{RACE.format(amount=0, sum=200)}")
    told = run(*command)
    assert "nothing was replayed" in told
    assert "1 error" in told


def test_the_debugger_stops_at_the_last_step(run: Any) -> None:
    command = commands(run("test_it.py::test_money"))[0]
    told = run(*command, "--pdb", typed="p dst.balance\nn\np dst.balance\nc\nc\n")
    assert "-> dst.balance += amount" in told
    assert "(Pdb) 70" in told
    assert "(Pdb) 160" in told
    assert "Lost update" in told
    assert "Quitting debugger" in run(*command, "--pdb", typed="q\n")


def test_a_breakpoint_in_the_students_code_stops_it(run: Any, pytester: pytest.Pytester) -> None:
    command = commands(run("test_it.py::test_money"))[0]
    stopping = BANK.replace("    dst.balance +=", "    breakpoint()\n    dst.balance +=")
    pytester.makepyfile(bank=stopping)
    told = run(*command, typed="p amount\nc\np amount\nc\n")
    assert "(Pdb) 60" in told
    assert "(Pdb) 30" in told
    assert "Lost update" in told
