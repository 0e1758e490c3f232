import pytest
def go(race, submission):
    race(lambda: (submission.Account(1), submission.Account(2)), lambda a, b: submission.transfer(a, b, 1), lambda a, b: submission.transfer(b, a, 1), at_end=lambda a, b: a.balance + b.balance == 3)
NAMES=[]
def make(name):
    @pytest.mark.submission(f"s_{name}.py")
    def test(race, submission): go(race, submission)
    return test
for n in NAMES: globals()[f"test_{n}"] = make(n)
@pytest.mark.submission("bank.py")
def test_good(race, submission): go(race, submission)
def test_after(): pass
