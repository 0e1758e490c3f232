"""Does every command in the README work, and show what it says?"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text()
BLOCKS = re.findall(r"(?:^ {4}.*\n|^\n(?= {4}))+", README, re.MULTILINE)
COMMANDS = [
    line.strip().partition("  #")[0].partition("     #")[0].strip()
    for block in BLOCKS
    for line in block.splitlines()
    if re.match(r" {4}(pytest|python3|pip|[A-Z_]+=\S+ pytest) ", line)
]
TOO_LONG_HERE = {"pytest -m fidelity", "pytest -m long", "pytest -m bench tests/bench"}
"""Run by .ci/run, by the very same words."""


def _run(command: str, tmp_path: Path) -> subprocess.CompletedProcess[str]:
    """A command of the README, in this environment rather than in a new one."""
    bin_folder = str(Path(sys.executable).parent)
    environment = {**os.environ, "PATH": bin_folder + os.pathsep + os.environ["PATH"]}
    environment["PYTEST_ADDOPTS"] = f"-p no:cacheprovider --basetemp={tmp_path / 'base'}"
    environment.pop("BANKRACE_RENEW_GOLDEN", None)
    return subprocess.run(
        command, shell=True, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=120
    )


def test_the_commands_are_those_that_these_tests_know() -> None:
    assert [command for command in COMMANDS if "venv" in command] == [
        "python3 -m venv .venv && .venv/bin/pip install -q -e . && .venv/bin/pytest"
        " exercises/02_transfer",
        "python3 -m venv .venv && .venv/bin/pip install -q -e '.[test]' && .venv/bin/pytest -n 2",
    ]
    assert {c for c in COMMANDS if "venv" not in c} == {
        "pytest exercises/02_transfer --bankrace-mode both",
        "pytest exercises --bankrace-answers solutions",
        "pytest exercises --junitxml=results.xml",
        "pytest -m fidelity",
        "pytest -m long",
        "pip install -e '.[bench]' && pytest -m bench tests/bench",
        "BANKRACE_RENEW_GOLDEN=1 pytest tests/explain/test_report.py",
    }
    ci = (ROOT / ".ci" / "run").read_text()
    for command in ("-m fidelity", "-m bench tests/bench", "'.[bench]'"):
        assert command in ci


def test_the_first_command_shows_what_the_readme_shows(tmp_path: Path) -> None:
    result = _run("pytest exercises/02_transfer", tmp_path)
    assert result.returncode == 1
    shown = README.partition("The bug is still in it:\n\n")[2].partition("\n\n`→ 100`")[0]
    lines = [line[4:].rstrip() for line in shown.splitlines()]
    assert len(lines) > 15
    assert "\n".join(lines) in result.stdout


def test_the_solutions_are_proved(tmp_path: Path) -> None:
    result = _run("pytest exercises --bankrace-answers solutions", tmp_path)
    assert result.returncode == 0, result.stdout
    assert "PROVED: all 2 interleavings" in result.stdout
    assert "SURVIVED" not in result.stdout


def test_both_modes_show_the_cost_of_safety(tmp_path: Path) -> None:
    command = "pytest exercises/02_transfer --bankrace-mode both --bankrace-answers solutions"
    result = _run(command, tmp_path)
    assert result.returncode == 0, result.stdout
    assert "the cost of safety" in result.stdout
    assert re.search(r"ms +[\d.]+ ms +[\d.]+ +0 of 20 ", result.stdout)


def test_the_junit_file_has_the_verdicts(tmp_path: Path) -> None:
    results = tmp_path / "results.xml"
    _run(f"pytest exercises --junitxml={results}", tmp_path)
    assert "LostUpdate" in results.read_text()


def test_without_pytest(tmp_path: Path) -> None:
    block = README.partition("Without pytest:\n\n")[2].partition("\n\n`verdict`")[0]
    program = tmp_path / "program.py"
    program.write_text("\n".join(line[4:] for line in block.splitlines()))
    result = subprocess.run(
        [sys.executable, program], cwd=ROOT, capture_output=True, text=True, timeout=60
    )
    assert result.stderr == ""
    assert result.stdout.startswith("FAILED: Lost update, in schedule ")


@pytest.mark.parametrize("option", re.findall(r"^\| `(--bankrace-\w+)", README, re.MULTILINE))
def test_each_option_of_the_table_exists(pytestconfig: pytest.Config, option: str) -> None:
    assert pytestconfig.getoption(option, "missing") != "missing"
    assert f"`bankrace_{option.removeprefix('--bankrace-')}`" in README
