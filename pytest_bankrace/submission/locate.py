"""Which file is the student's, for a given test?"""

from __future__ import annotations

from pathlib import Path

import pytest

from pytest_bankrace.errors import UsageError
from pytest_bankrace.submission.loader import Submission, load_submission


def submission_of(item: pytest.Item, answers: Path | None) -> Submission:
    """`bank.py` beside the test, or by the marker `submission` another name.

    With `answers`, the file in the folder of the exercise's name there; or, where there is no
    such folder, the file in `answers` itself. Raises UsageError for a marker without a name.
    """
    name = "bank.py"
    marker = item.get_closest_marker("submission")
    if marker is not None:
        if len(marker.args) != 1 or not isinstance(marker.args[0], str) or marker.kwargs:
            raise UsageError(
                f"{item.nodeid}: the marker takes one name, as in"
                ' `@pytest.mark.submission("account.py")`.'
            )
        name = marker.args[0]
        if not name.endswith(".py"):
            raise UsageError(
                f"{item.nodeid}: submission({name!r}): the file's name must end in .py."
            )
    beside = item.path.parent
    if not answers:
        return load_submission(beside / name)
    in_folder = answers / beside.name / name
    alone = answers / name
    if not in_folder.parent.is_dir() and alone.exists():
        return load_submission(alone)
    return load_submission(in_folder)
