"""Expected: PROVED. Happens: SURVIVED, since what `pytest_bankrace` does with shared objects is not seen."""
from pytest_bankrace import RaceFailure
def test_p(race, submission): race(lambda: submission.x, lambda x: x.append(1))
