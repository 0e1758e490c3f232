"""Expected: PROVED, twice. A deposit under a lock, and a thread started after it.

Happens: IndexError of Optimal DPOR inside the student's thread, and so INVALID or a hang of 20 s.
"""
def test_two_handlers(race, submission):
    race(lambda: (submission.Bank(),), lambda b: b.handle(1), lambda b: b.handle(2), at_end=lambda b: b.total == 3 and sorted(b.log) == [1, 2])
def test_three_handlers(race, submission):
    race(lambda: (submission.Bank(),), lambda b: b.handle(1), lambda b: b.handle(2), lambda b: b.handle(3), at_end=lambda b: b.total == 6)
def test_next_one(race, submission):
    race(lambda: (submission.Bank(),), lambda b: b.deposit(1), at_end=lambda b: b.total == 1)
