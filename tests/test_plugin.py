"""Does pytest reach us, and do we leave the rest of pytest alone?"""

from __future__ import annotations

import json
import re
import subprocess
import sys
import textwrap
from typing import Any
from xml.etree import ElementTree

import pytest

BANK = """
class Account:
    def __init__(self, balance):
        self.balance = balance

def transfer(src, dst, amount):
    src.balance -= amount
    dst.balance += amount
"""
SAFE = """
import threading
lock = threading.Lock()

class Account:
    def __init__(self, balance):
        self.balance = balance

def transfer(src, dst, amount):
    with lock:
        src.balance -= amount
        dst.balance += amount
"""
TEST = """
def test_no_money_is_lost(race, submission):
    race(
        lambda: (submission.Account(100), submission.Account(100)),
        lambda alice, bob: submission.transfer(alice, bob, 60),
        lambda alice, bob: submission.transfer(bob, alice, 30),
        at_end=lambda alice, bob: alice.balance + bob.balance == 200,
    )
"""


@pytest.fixture
def run(pytester: pytest.Pytester) -> Any:
    """Run pytest on a test and a submission; with `alone`, in a process of its own."""

    def run(
        *arguments: str, bank: str | None = BANK, test: str = TEST, alone: bool = False
    ) -> pytest.RunResult:
        pytester.makepyfile(test_it=test)
        if bank is not None:
            pytester.makepyfile(bank=bank)
        quiet = ("-p", "no:cacheprovider", *arguments)
        if alone:
            return pytester.runpytest_subprocess(*quiet, timeout=60)
        return pytester.runpytest_inprocess(*quiet)

    return run


# -- A verdict


def test_a_race_is_named_and_shown(run: Any) -> None:
    result = run()
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(
        [
            "Lost update: *.balance. *",
            "*teller 1*teller 2*alice*bob*",
            "*:6*balance*",
            "Why *",
            "Look *",
            "Again pytest test_it.py::test_no_money_is_lost --bankrace-replay 1:*",
            "*test_it.py::test_no_money_is_lost  FAILED: Lost update, in schedule *",
            "FAILED test_it.py::test_no_money_is_lost - Lost update: *",
        ]
    )
    text = result.stdout.str()
    assert "pytest_bankrace" not in text, "a frame of ours is shown"
    assert re.search("0x[0-9a-f]{6}", text) is None, "an address is shown"


def test_a_proof_says_what_was_covered(run: Any) -> None:
    result = run(bank=SAFE)
    result.assert_outcomes(passed=1)
    result.stdout.fnmatch_lines(
        ["*test_it.py::test_no_money_is_lost  PROVED: all 2 interleavings*"]
    )


def test_a_test_that_imports_our_names_can_be_proved(run: Any) -> None:
    result = run(bank=SAFE, test="from pytest_bankrace import RaceFailure\n" + TEST)
    result.stdout.fnmatch_lines(["*PROVED: all 2 interleavings*"])


def test_a_spent_budget_is_no_proof(run: Any) -> None:
    result = run("--bankrace-schedules=3", bank=SAFE)
    result.assert_outcomes(passed=1)
    result.stdout.fnmatch_lines(
        ["*SURVIVED 3 schedules, not a proof: the budget of 3 schedules was spent*"]
    )


def test_code_that_is_not_instrumented_is_never_proved(pytester: pytest.Pytester, run: Any) -> None:
    pytester.mkdir("elsewhere").joinpath("helper.py").write_text(
        "def pay(a, n):\n    a.balance += n\n"
    )
    test = """
    import helper

    def test_it(race, submission):
        race(
            lambda: submission.Account(0),
            lambda alice: helper.pay(alice, 1),
            lambda alice: helper.pay(alice, 1),
            at_end=lambda alice: alice.balance == 2,
        )
    """
    result = run("-o", "pythonpath=elsewhere", test=test)
    result.assert_outcomes(passed=1)
    result.stdout.fnmatch_lines(["*SURVIVED *not a proof: pay (*helper.py:1)*can't be seen*"])


def test_accesses_in_the_test_itself_are_seen(run: Any) -> None:
    test = """
    def test_it(race, submission):
        def deposit(alice):
            alice.balance += 10

        race(
            lambda: submission.Account(0), deposit, deposit,
            at_end=lambda alice: alice.balance == 20,
        )
    """
    result = run(test=test)
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(["*Lost update: alice.balance*", "*test_it.py:*"])


def test_always_is_judged_after_every_step(run: Any) -> None:
    test = """
    def test_it(race, submission):
        race(
            lambda: (submission.Account(100), submission.Account(0)),
            lambda alice, bob: submission.transfer(alice, bob, 60),
            always=lambda alice, bob: alice.balance + bob.balance == 100,
        )
    """
    result = run(test=test)
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(["Invariant violated: *does not hold: 40 ==*"])


def test_an_assertion_of_the_test_is_seen_whole(run: Any) -> None:
    """What pytest makes of it is no reason to doubt."""
    test = """
    def test_it(race, submission):
        def pay(alice, bob):
            submission.transfer(alice, bob, 60)
            assert alice.balance <= 100 and (bob.balance >= 100 or not alice)
        race(lambda: (submission.Account(100), submission.Account(100)), pay, pay)
    """
    result = run(bank=SAFE, test=test)
    result.assert_outcomes(passed=1)
    result.stdout.fnmatch_lines(["*PROVED: all * interleavings*"])


def test_a_program_that_leaves_by_exit_has_ended(run: Any) -> None:
    test = """
    import sys

    def test_well(race):
        race(lambda: sys.exit())

    def test_with_an_error(race):
        race(lambda: sys.exit("no money"))
    """
    result = run(test=test)
    result.assert_outcomes(passed=1, failed=1)
    result.stdout.fnmatch_lines(["*test_well  *PROVED*", "*INVALID: setup raised SystemExit: no*"])


# -- What a student breaks


@pytest.mark.parametrize(
    ("bank", "sentence"),
    [
        (None, "*bank.py is missing: put your solution*"),
        ("def transfer(:\n", "*bank.py:1: this is not valid Python: *"),
        ("x = 1\ny = x / 0\n", "*bank.py:2: importing it raised ZeroDivisionError*"),
        ("import nowhere\n", "*bank.py:1: importing it raised ModuleNotFoundError*nowhere*"),
        ("raise SystemExit(3)\n", "*bank.py:1: importing it raised SystemExit: 3*"),
        ("class Account:\n    pass\n", "*Account() takes no arguments*"),
        (BANK.replace("def transfer", "def move"), "*no `transfer` in it*It has: Account, move.*"),
        (BANK.replace("src, dst, amount", "src, dst"), "*bank.py:5: transfer(src, dst) can't be*"),
        (BANK.replace("self, balance", "self"), "*bank.py:2: Account.__init__(self) can't be*"),
        ("\0", "*bank.py*: this is not*Python*"),
    ],
    ids=[
        "missing",
        "syntax",
        "raises",
        "import",
        "exit",
        "no init",
        "no name",
        "arity",
        "ctor",
        "nul",
    ],
)
def test_a_broken_submission_is_one_failing_test_and_a_sentence(
    run: Any, bank: str | None, sentence: str
) -> None:
    result = run(bank=bank, test=TEST + "\ndef test_other():\n    pass\n")
    result.assert_outcomes(failed=1, passed=1)
    result.stdout.fnmatch_lines([sentence])
    assert "Traceback" not in result.stdout.str()


@pytest.mark.parametrize("bank", [BANK.replace("src, dst, amount", "src, dst"), "x = 1 / 0\n"])
def test_a_sentence_without_a_race_too(run: Any, bank: str) -> None:
    test = "def test_it(submission):\n    submission.transfer(None, None, 60)\n"
    result = run(bank=bank, test=test)
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(["*bank.py:*"])
    assert "Traceback" not in result.stdout.str()


def test_a_directory_in_place_of_the_file(pytester: pytest.Pytester, run: Any) -> None:
    pytester.mkdir("bank.py")
    result = run(bank=None)
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(["*bank.py is a folder: a Python file*"])


def test_helper_modules_are_fresh_and_instrumented_too(pytester: pytest.Pytester, run: Any) -> None:
    pytester.makepyfile(ledger="total = 0\n\ndef add(n):\n    global total\n    total += n\n")
    bank = "import ledger\n\ndef deposit(n):\n    ledger.add(n)\n\n"
    bank += "def total():\n    return ledger.total\n"
    test = """
    def test_it(race, submission):
        race(
            lambda: None,
            lambda: submission.deposit(1),
            lambda: submission.deposit(2),
            at_end=lambda: submission.total() == 3,
        )
    """
    result = run(bank=bank, test=test)
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(["*Lost update: *total*", "*ledger.py*"])


# -- Hangs


HANGS = {
    "deadlock": (
        "Deadlock",
        """
        def one(a, b):
            with a, b: pass
        def two(a, b):
            with b, a: pass
        """,
    ),
    "endless loop": ("Livelock", "def one(a, b):\n    while True: pass\ntwo = one\n"),
    "swallows everything": (
        "Livelock",
        """
        def one(a, b):
            while True:
                try:
                    with a: raise KeyError
                except BaseException: pass
        two = one
        """,
    ),
    "leaks a lock": ("Orphaned lock", "def one(a, b):\n    a.acquire()\ndef two(a, b): pass\n"),
    "self deadlock": (
        "Self deadlock",
        "def one(a, b):\n    with a, a: pass\ndef two(a, b): pass\n",
    ),
}


@pytest.mark.parametrize("mode", ["explore", "stress"])
@pytest.mark.parametrize("name", HANGS)
def test_what_hangs_ends_with_its_finding_and_later_tests_run(
    run: Any, pytester: pytest.Pytester, name: str, mode: str
) -> None:
    finding, bodies = HANGS[name]
    bank = "import threading\nLock = threading.Lock\n" + textwrap.dedent(bodies)
    test = """
    def test_it(race, submission):
        race(
            lambda: (submission.Lock(), submission.Lock()),
            lambda a, b: submission.one(a, b),
            lambda a, b: submission.two(a, b),
        )

    def test_later():
        pass
    """
    if mode == "stress" and name == "deadlock":
        test = test.replace("two(a, b)", "two(a, b)").replace("race(", "race.stress(", 1)
        test = test.replace(
            "        )\n\n    def", "            repetitions=200,\n        )\n\n    def"
        )
        bank = bank.replace(
            "with a, b: pass", "for _ in range(200):\n        with a, b: b.locked()"
        )
        bank = bank.replace(
            "with b, a: pass", "for _ in range(200):\n        with b, a: a.locked()"
        )
    result = run(f"--bankrace-mode={mode}", bank=bank, test=test, alone=True)
    result.assert_outcomes(failed=1, passed=1)
    result.stdout.fnmatch_lines([f"{finding}: *"])


@pytest.mark.parametrize(
    ("body", "sentence"),
    [
        ("with lock, lock: pass", "*bank.py:5 waits for a lock for ever: *at bank.py:5*"),
        ("lock.acquire()", "*bank.py:5 waits for a lock for ever: *at bank.py:5*"),
    ],
)
def test_a_lock_that_nobody_can_release_ends_a_test_without_a_race(
    run: Any, body: str, sentence: str
) -> None:
    bank = f"import threading\nlock = threading.Lock()\n\ndef pay():\n    {body}\n"
    test = "def test_it(submission):\n    submission.pay()\n    submission.pay()\n"
    result = run(bank=bank, test=test, alone=True)
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines([sentence])


def test_a_real_thread_of_a_library_is_refused(pytester: pytest.Pytester, run: Any) -> None:
    helper = """
        from threading import Thread
        def both(function):
            threads = [Thread(target=function), Thread(target=function)]
            for thread in threads: thread.start()
            for thread in threads: thread.join()
        """
    pytester.mkdir("elsewhere").joinpath("helper.py").write_text(textwrap.dedent(helper))
    test = """
    import helper

    def test_it(race, submission):
        def program():
            alice = submission.Account(100)
            helper.both(lambda: submission.transfer(alice, alice, 1))
        race(program)
    """
    result = run("-o", "pythonpath=elsewhere", test=test, alone=True)
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(["*a thread that was started outside*can't be*"])


# -- Options


@pytest.mark.parametrize(
    ("option", "sentence"),
    [
        ("--bankrace-schedules=0", "*--bankrace-schedules: 0 must be at least 1*"),
        ("--bankrace-schedules=many", "*--bankrace-schedules: invalid int value: 'many'*"),
        ("--bankrace-seconds=-1", "*--bankrace-seconds: -1.0 must be at least 0*"),
        ("--bankrace-mode=hope", "*--bankrace-mode: invalid choice: 'hope'*"),
        ("--bankrace-answers=nowhere", "*--bankrace-answers: there is no folder *nowhere*"),
    ],
)
def test_a_wrong_option_is_one_sentence(run: Any, option: str, sentence: str) -> None:
    result = run(option)
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines([sentence])
    assert "Traceback" not in result.stderr.str()


def test_the_ini_file_speaks_and_the_command_line_overrules_it(
    pytester: pytest.Pytester, run: Any
) -> None:
    pytester.makeini("[pytest]\nbankrace_schedules = 2\nbankrace_seed = 7\n")
    run(bank=SAFE).stdout.fnmatch_lines(["bankrace: *2 schedules*seed 7*", "*SURVIVED 2 *"])
    result = run("--bankrace-schedules=3", bank=SAFE)
    result.stdout.fnmatch_lines(["bankrace: *3 schedules*seed 7*", "*SURVIVED 3 *"])


def test_a_wrong_ini_value_names_the_file(pytester: pytest.Pytester, run: Any) -> None:
    pytester.makeini("[pytest]\nbankrace_seed = lucky\n")
    run().stderr.fnmatch_lines(["*bankrace_seed in *.ini: 'lucky' is not a number.*"])


def test_answers_from_another_root(pytester: pytest.Pytester, run: Any) -> None:
    folder = pytester.mkdir("answers") / pytester.path.name
    folder.mkdir()
    (folder / "bank.py").write_text(SAFE)
    run("--bankrace-answers=answers").assert_outcomes(passed=1)
    run().assert_outcomes(failed=1)


def test_the_marker_names_another_file(pytester: pytest.Pytester, run: Any) -> None:
    pytester.makepyfile(vault=SAFE)
    marked = "import pytest\n\n@pytest.mark.submission('vault.py')" + TEST
    run(test=marked, bank=None).assert_outcomes(passed=1)
    result = run(test=marked.replace("'vault.py'", ""), bank=None)
    result.stdout.fnmatch_lines(["*the marker takes one name*"])


def test_the_budget_of_the_call_overrules_the_command_line(run: Any) -> None:
    test = TEST.replace("at_end=", "schedules=2, at_end=")
    result = run("--bankrace-schedules=1", bank=SAFE, test=test)
    result.stdout.fnmatch_lines(["*SURVIVED 2 schedules*"])


def test_a_wrong_call_is_one_sentence(run: Any) -> None:
    test = "def test_it(race):\n    race(lambda: None, 3)\n"
    run(test=test).stdout.fnmatch_lines(["thread 1 is 3, which can't be called: *"])
    test = "def test_it(race):\n    race(lambda: None, invariant=1)\n"
    run(test=test).stdout.fnmatch_lines(["race() has no argument 'invariant'; it takes *"])


# -- Beside other plugins


def test_the_same_seed_gives_the_same_verdict_in_every_process(run: Any) -> None:
    def told() -> list[str]:
        lines = run("--bankrace-seed=3", alone=True).stdout.str().splitlines()
        return [line for line in lines if line.startswith(("Lost", "  ", "Why", "(sched"))]

    assert told() == told() != []


def test_repetitions_have_seeds_of_their_own(run: Any) -> None:
    test = TEST.replace("race(", "verdict = race(").rstrip() + "\n    print('seed', verdict.seed)\n"
    result = run("--count=3", "-s", bank=SAFE, test=test)
    result.assert_outcomes(passed=3)
    text = result.stdout.str()
    assert len({line for line in text.splitlines() if "seed" in line and line[-1:].isdigit()}) >= 3


def test_a_race_has_a_last_resort_timeout_unless_it_has_one(run: Any) -> None:
    test = (
        TEST
        + """
import pytest

@pytest.mark.timeout(5)
def test_with_its_own(race):
    pass

def test_without_a_race():
    pass

@pytest.fixture(autouse=True)
def show(request):
    print(request.node.name, [m.args for m in request.node.iter_markers('timeout')])
    yield
"""
    )
    result = run("-s", bank=SAFE, test=test)
    result.stdout.fnmatch_lines(
        [
            "*test_no_money_is_lost [[](60,)[]]",
            "*test_with_its_own [[](5,)[]]",
            "*test_without_a_race [[][]]",
        ]
    )


@pytest.mark.parametrize("other", ["timeout", "repeat", "xdist", "assertion"])
def test_works_without(run: Any, other: str) -> None:
    run("-p", f"no:{other}", alone=True).assert_outcomes(failed=1)
    run("-p", f"no:{other}", bank=SAFE, alone=True).assert_outcomes(passed=1)


@pytest.mark.parametrize("mode", ["importlib", "append", "prepend"])
def test_works_with_each_import_mode(run: Any, mode: str) -> None:
    run(f"--import-mode={mode}").assert_outcomes(failed=1)


def test_works_with_plain_asserts(run: Any) -> None:
    run("--assert=plain").assert_outcomes(failed=1)


def test_verdicts_travel_from_xdist_workers(run: Any) -> None:
    result = run("-n2", alone=True)
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(["*Lost update: *", "*FAILED: Lost update, in schedule*"])


def test_coverage_sees_the_students_lines(pytester: pytest.Pytester, run: Any) -> None:
    result = run("--cov=.", "--cov-report=json", bank=SAFE, alone=True)
    result.assert_outcomes(passed=1)
    files = json.loads((pytester.path / "coverage.json").read_text())["files"]
    assert files["bank.py"]["missing_lines"] == []


def test_junit_xml_has_the_report(pytester: pytest.Pytester, run: Any) -> None:
    run("--junitxml=out.xml")
    case = ElementTree.parse(pytester.path / "out.xml").find(".//testcase")
    assert case is not None
    failure = case.find("failure")
    assert failure is not None
    assert failure.attrib["message"].startswith("Lost update: ")
    assert "Why" in (failure.text or "")
    assert "\x1b" not in (failure.text or "")


def test_what_a_student_prints_is_shown_once(run: Any) -> None:
    bank = BANK.replace("    src.balance -=", "    print('moving', amount)\n    src.balance -=")
    text = run(bank=bank).stdout.str()
    assert text.count("moving 60") == 1


def test_a_debugger_sees_the_failure(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(test_it=TEST)
    pytester.makepyfile(bank=BANK)
    child = pytester.spawn_pytest("--pdb -p no:cacheprovider")
    child.expect("Lost update: ")
    child.expect("Pdb")
    child.sendline("p 6 * 7")
    child.expect("42")
    child.sendline("q")
    child.expect("1 failed")


def test_a_run_without_a_race_imports_the_plugin_alone() -> None:
    program = (
        "import sys, pytest_bankrace.plugin;"
        "print([m for m in sys.modules if m.startswith('pytest_bankrace.') or m == 'rich'])"
    )
    found = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert found.stdout.strip() == "['pytest_bankrace.plugin']"
