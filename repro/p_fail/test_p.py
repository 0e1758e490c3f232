import pytest
def test_predicate_uses_pytest_fail(race, submission):
    """Expected: FAILED (lost update), at once. Happens: 20 s, INVALID Stuck, and a traceback of ours on stderr."""
    def at_end(a):
        if a.v != 2:
            pytest.fail("lost")
    race(lambda: submission.setup(), lambda a: submission.inc(a), lambda a: submission.inc(a), at_end=at_end)

def test_next_is_fine(race, submission):
    """Expected: PROVED. Happens: 20 s, INVALID `main did not come back`."""
    race(lambda: submission.setup(), lambda a: submission.inc(a), at_end=lambda a: a.v == 1)
