"""Do the columns show the right steps, in the room there is?"""

from __future__ import annotations

import re

from hypothesis import given, settings
from hypothesis import strategies as st
from rich.cells import cell_len

from pytest_bankrace.explain.timeline import shortened, timeline
from pytest_bankrace.verdict import Trace
from tests.explain import builders
from tests.explain.builders import WATCH, Story
from tests.explain.strategies import traces

_ANSI = re.compile(r"\x1b\[[0-9;]*m")


def test_columns_with_values_beside_them() -> None:
    text = timeline(builders.lost_update(), fateful={0, 2, 3}, width=100)
    assert text.splitlines() == [
        "teller 1                           teller 2                           alice  bob",
        "─────────────────────────────────  ─────────────────────────────────  ─────  ───",
        "▸ bank.py:14  alice.balance → 100                                       100  100",
        "                                     bank.py:15  alice.balance → 100    100  100",
        "                                   ▸ bank.py:15  alice.balance ← 70      70  100",
        "▸ bank.py:14  alice.balance ← 40                                         40  100",
    ]


def test_where_room_is_short_the_file_is_named_once() -> None:
    text = timeline(builders.lost_update(), width=78)
    assert text.splitlines()[0].startswith("teller 1 (bank.py)")
    assert "  :14  alice.balance → 100" in text
    assert "bank.py:14" not in text


def test_an_undisturbed_read_and_write_are_one_row() -> None:
    text = timeline(builders.lost_update(), width=100)
    assert "  bank.py:15  alice.balance → 100 ← 70     70  100" in text


def test_ascii() -> None:
    text = timeline(builders.deadlock(), fateful={0}, width=80, ascii=True)
    assert text.isascii()
    assert "> :12  acquire alice.lock" in text


def test_colour_changes_nothing_but_colour() -> None:
    for width in (40, 80, 120):
        plain = timeline(builders.torn_read(), fateful={0}, width=width)
        coloured = timeline(builders.torn_read(), fateful={0}, width=width, color=True)
        assert "\x1b[" in coloured
        assert [_ANSI.sub("", line).rstrip() for line in coloured.splitlines()] == (
            plain.splitlines()
        )


def test_locks_and_waits() -> None:
    text = timeline(builders.deadlock(), width=120)
    assert "bank.py:12  acquire alice.lock" in text
    assert "▸ bank.py:13  waits for bob.lock (held by teller 2)" in text


def test_a_join_waits_for_an_end() -> None:
    trace = Story("main", "teller").acquire(0, "lock", 12).waits(0, "teller", 16, 1).trace()
    assert "waits for teller to end" in timeline(trace, width=100)


def test_more_than_three_threads_stand_in_one_column() -> None:
    s = Story("main", "a", "b", "c", "d", watch=WATCH)
    for thread in (1, 2, 3, 4):
        s.write(thread, "alice.balance", 14, str(thread))
    lines = timeline(s.trace(), width=80).splitlines()
    assert lines[0].split() == ["thread", "alice", "bob"]
    assert lines[1].split() == ["a", "bank.py:14", "alice.balance", "←", "1", "1", "100"]
    assert lines[4].split()[0] == "d"


def test_a_narrow_terminal_has_one_column() -> None:
    lines = timeline(builders.torn_read(), width=48).splitlines()
    assert all(cell_len(line) <= 48 for line in lines)
    assert lines[1].startswith("auditor")


def test_what_nobody_writes_is_the_way_and_not_shown() -> None:
    s = Story("main", "a").read(1, "bank.lock", 12, "a lock").write(1, "x.y", 14, "1")
    assert "bank.lock" not in timeline(s.trace())
    assert "bank.lock" in timeline(s.trace(), fateful={0})
    assert "bank.lock" in timeline(Story("a").read(0, "bank.lock", 12, "a lock").trace())


def test_a_long_trace_shows_the_part_that_matters() -> None:
    s = Story("main", "teller 1", "teller 2", watch=WATCH)
    s.read(1, "alice.balance", 14, "100")
    for turn in range(50):
        s.write(2, "log.size", turn, str(turn))
    s.write(1, "alice.balance", 14, "40")
    text = timeline(s.trace(), fateful={0, 51}, width=100)
    assert "… 46 steps of teller 2, none touching alice.balance" in text
    assert len(text.splitlines()) < 12


def test_a_long_trace_without_fateful_steps_shows_its_end() -> None:
    s = Story("main", "a", "b")
    for turn in range(100):
        s.write(1 + turn % 2, "log.size", turn, str(turn))
    text = timeline(s.trace(omitted=1200), width=100)
    assert text.splitlines()[2] == "  … 1,200 earlier steps"
    assert "log.size ← 99" in text
    assert "steps of a and b" in text
    assert len(text.splitlines()) < 45


def test_a_loop_is_told_once() -> None:
    s = Story("main", "a", "b")
    for _ in range(10):
        s.read(1, "x.flag", 24, "False").write(2, "x.flag", 25, "False")
    text = timeline(s.trace(), width=100)
    assert text.count("x.flag → False") == 1
    assert "… the same again, 9 times" in text
    assert "bank.open → False (20 times)" in timeline(builders.livelock())


def test_headings_drop_the_ending_that_all_share() -> None:
    assert shortened(("alice.balance", "bob.balance")) == ["alice", "bob"]
    assert shortened(("alice.balance", "bob.total")) == ["alice.balance", "bob.total"]
    assert shortened(("alice.balance",)) == ["alice.balance"]
    assert shortened(("a", "b")) == ["a", "b"]


def test_long_names_are_shortened_to_what_differs() -> None:
    names = ("bank.accounts['alice'].balance", "bank.accounts['bob'].balance")
    assert shortened(names) == ["['alice']", "['bob']"]
    assert shortened(("balances[0]", "balances[1]")) == ["[0]", "[1]"]


def test_long_names_are_not_cut_while_one_column_shows_them_whole() -> None:
    s = Story("main", "one", "two")
    for thread in (1, 2):
        s.write(thread, "bank.accounts['alice'].balance", 14, "100")
    assert timeline(s.trace(), width=60).count("bank.accounts['alice'].balance ← 100") == 2


def test_threads_of_one_name_are_told_apart() -> None:
    s = Story("deposit", "deposit").write(0, "x.y", 1, "1").waits(1, "deposit", 2, 0)
    text = timeline(s.trace(), width=100)
    assert "waits for deposit 1 to end" in text


def test_nothing_to_show() -> None:
    assert timeline(Trace((), ())) == ""


@settings(max_examples=300, deadline=None)
@given(traces(), st.integers(1, 150), st.booleans(), st.sets(st.integers(0, 80)))
def test_no_trace_is_ever_wider_than_the_terminal(
    trace: Trace, width: int, ascii: bool, fateful: set[int]
) -> None:
    for line in timeline(trace, fateful=fateful, width=width, ascii=ascii).split("\n"):
        assert cell_len(line) <= width
        assert line == line.rstrip()


@settings(max_examples=50, deadline=None)
@given(traces(), st.integers(20, 120))
def test_a_coloured_one_is_not_wider(trace: Trace, width: int) -> None:
    for line in timeline(trace, fateful={1}, width=width, color=True).split("\n"):
        assert cell_len(_ANSI.sub("", line)) <= width
