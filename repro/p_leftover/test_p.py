"""State made outside setup. The student's program is right. Expected: INVALID that says that setup gives the same object each time."""
import pytest
def test_made_before(race, submission):
    a = submission.Account(100)
    race(lambda: a, lambda a: a.deposit(10), lambda a: a.deposit(20), at_end=lambda a: a.balance == 130)
@pytest.fixture
def account(submission): return submission.Account(100)
def test_fixture(race, account):
    race(lambda: account, lambda a: a.deposit(10), lambda a: a.deposit(20), at_end=lambda a: a.balance == 130)
def test_closure(race, submission):
    got = []
    race(lambda: submission.Account(0), lambda a: got.append(1), lambda a: got.append(2), at_end=lambda a: len(got) == 2)
