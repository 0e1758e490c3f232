"""Do the exercises teach what they are to teach? Stubs, references, right and wrong answers."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parent.parent
EXERCISES = sorted(path for path in (ROOT / "exercises").iterdir() if path.is_dir())
SEEDS = (0, 1)


def answers(kind: str) -> list[Any]:
    found = sorted((ROOT / "solutions").glob(f"*/{kind}/*.py"))
    assert len(found) > 10
    return [pytest.param(path, id=f"{path.parent.parent.name}/{path.stem}") for path in found]


class Run:
    """One run of an exercise's tests on one answer."""

    def __init__(self, pytester: pytest.Pytester, exercise: str, answer: Path | None, seed: int):
        folder = pytester.mkdir(f"run{seed}")
        shutil.copytree(ROOT / "exercises" / exercise, folder / exercise)
        if answer is not None:
            shutil.copy(answer, folder / exercise / "bank.py")
        # Colour, cache and the like are not what is looked at.
        options = ("-p", "no:cacheprovider", "-p", "no:xdist", f"--bankrace-seed={seed}")
        recorded = pytester.inline_run(str(folder / exercise), *options)
        reports = [r for r in recorded.getreports("pytest_runtest_logreport") if r.when == "call"]
        self.passed = [r.head_line for r in reports if r.passed]
        self.failed = {r.head_line: r.longreprtext for r in reports if r.failed}
        self.findings = {
            r.head_line: found["finding"]
            for r in reports
            for name, found in r.user_properties
            if name == "bankrace" and found["finding"]
        }


@pytest.fixture
def run(pytester: pytest.Pytester) -> Any:
    def run(exercise: str, answer: Path | None, seed: int = 0) -> Run:
        return Run(pytester, exercise, answer, seed)

    return run


@pytest.mark.parametrize("exercise", EXERCISES, ids=lambda path: path.name)
def test_the_stub_fails_and_says_why(run: Any, exercise: Path) -> None:
    result = run(exercise.name, None)
    assert result.passed, "a stub does its work as long as one thread is alone"
    assert result.failed
    assert set(result.findings) == set(result.failed)
    for name, text in result.failed.items():
        # The line is the test's own where that writes into what it was given.
        assert "bank.py:" in text or f"test_{exercise.name[3:]}.py:" in text, name
        assert "pytest_bankrace" not in text, name


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("exercise", EXERCISES, ids=lambda path: path.name)
def test_the_reference_passes(run: Any, exercise: Path, seed: int) -> None:
    result = run(exercise.name, ROOT / "solutions" / exercise.name / "bank.py", seed)
    assert result.passed
    assert not result.failed


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("answer", answers("right"))
def test_a_right_answer_passes(run: Any, answer: Path, seed: int) -> None:
    result = run(answer.parent.parent.name, answer, seed)
    assert result.passed
    assert not result.failed


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("answer", answers("wrong"))
def test_a_wrong_answer_fails_for_the_reason_in_its_docstring(
    run: Any, answer: Path, seed: int
) -> None:
    first, second, *_ = answer.read_text().splitlines()
    finding = first.removeprefix('"""Finding: ')
    test = second.removeprefix("Test: ")
    result = run(answer.parent.parent.name, answer, seed)
    assert test in result.failed, f"{test} passes; {result.findings}"
    assert result.findings.get(test) == finding, result.failed[test]
