"""Expected: INVALID Stuck after some 10 s, the next test runs, the process exits by itself."""
def test_c(race, submission): race(lambda: None, lambda: submission.work(), lambda: None)
def test_next(race): race(lambda: [0], lambda a: a.append(1), at_end=lambda a: len(a) == 2)
