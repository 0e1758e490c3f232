"""Each `Again` line, pasted into bash as printed, must run its own test again."""
import pytest
def go(race, submission, n):
    race(lambda: submission.A(), lambda a: submission.inc(a, n), lambda a: submission.inc(a, n), at_end=lambda a: a.v == 2 * n)
@pytest.mark.parametrize("n", [1, 2], ids=["a>b", "x;echo hi"])
def test_p(race, submission, n): go(race, submission, n)
@pytest.mark.parametrize("n", [3, 4, 5, 6], ids=["with space", "$HOME", "it's", "(a&b)"])
def test_q(race, submission, n): go(race, submission, n)
@pytest.mark.parametrize("n", [1])
@pytest.mark.parametrize("who", ["ü", "a[b]::c"])
def test_u(race, submission, n, who): go(race, submission, n)
class TestC:
    @pytest.mark.parametrize("n", [1, 2])
    def test_m(self, race, submission, n): go(race, submission, n)
    class TestD:
        def test_m(self, race, submission): go(race, submission, 7)
def test_two(race, submission):
    race(lambda: submission.A(), lambda a: submission.inc(a, 1), at_end=lambda a: a.v == 1)
    with pytest.raises(Exception): go(race, submission, 1)
    go(race, submission, 2)
def test_loop(race, submission):
    for n in range(3):
        go(race, submission, n)
