"""What an account owes to those who pay in: every deposit counts."""

# -- One teller


def test_a_deposit_is_in_the_account(submission):
    alice = submission.Account(100)
    alice.deposit(50)
    assert alice.balance == 150


def test_deposits_add_up(submission):
    alice = submission.Account(0)
    for amount in (50, 30, 20):
        alice.deposit(amount)
    assert alice.balance == 100


def test_a_deposit_comes_to_its_end(race, submission):
    def teller(alice):
        alice.deposit(50)
        assert alice.balance == 150  # not only some time later

    race(lambda: submission.Account(100), teller)


# -- Several at once


def test_no_deposit_is_lost(race, submission):
    race(
        lambda: submission.Account(100),
        lambda alice: alice.deposit(50),
        lambda alice: alice.deposit(30),
        at_end=lambda alice: alice.balance == 180,
    )


def test_no_deposit_of_three_is_lost(race, submission):
    race(
        lambda: submission.Account(100),
        lambda alice: alice.deposit(50),
        lambda alice: alice.deposit(30),
        lambda alice: alice.deposit(20),
        at_end=lambda alice: alice.balance == 200,
    )


def test_no_deposit_of_a_busy_teller_is_lost(race, submission):
    def busy_teller(alice):
        alice.deposit(50)
        alice.deposit(30)

    race(
        lambda: submission.Account(100),
        busy_teller,
        lambda alice: alice.deposit(20),
        at_end=lambda alice: alice.balance == 200,
    )


def test_accounts_are_independent(race, submission):
    race(
        lambda: (submission.Account(100), submission.Account(200)),
        lambda alice, bob: alice.deposit(50),
        lambda alice, bob: bob.deposit(30),
        at_end=lambda alice, bob: alice.balance == 150 and bob.balance == 230,
    )
