"""A call that fails leaves the bank as it was, and open for everybody else."""

from contextlib import suppress

import pytest


def open_bank(submission):
    """A bank with 200 in it."""
    return submission.Bank(alice=100, bob=100)


# -- One teller


def test_a_transfer_moves_the_money(submission):
    bank = open_bank(submission)
    bank.transfer("alice", "bob", 60)
    assert bank.balance_of("alice") == 40
    assert bank.balance_of("bob") == 160
    assert bank.audit() == 200


def test_a_transfer_needs_the_funds(submission):
    bank = open_bank(submission)
    with pytest.raises(submission.InsufficientFunds):
        bank.transfer("alice", "bob", 101)


@pytest.mark.parametrize("names", [("alice", "nobody"), ("nobody", "bob"), ("nobody", "nobody")])
def test_a_transfer_needs_two_accounts(submission, names):
    bank = open_bank(submission)
    with pytest.raises(submission.NoSuchAccount):
        bank.transfer(*names, 60)


def test_a_failed_transfer_changes_nothing(race, submission):
    def teller(bank):
        with suppress(submission.NoSuchAccount):
            bank.transfer("alice", "nobody", 60)

    race(lambda: open_bank(submission), teller, at_end=lambda bank: bank.audit() == 200)


# -- Two at once, on a good day


def test_no_money_is_lost(race, submission):
    race(
        lambda: open_bank(submission),
        lambda bank: bank.transfer("alice", "bob", 60),
        lambda bank: bank.transfer("bob", "alice", 30),
        at_end=lambda bank: bank.audit() == 200,
    )


def test_no_account_is_overdrawn(race, submission):
    def teller(bank):
        with suppress(submission.InsufficientFunds):  # there is enough for one of the two
            bank.transfer("alice", "bob", 60)

    race(
        lambda: open_bank(submission),
        teller,
        teller,
        at_end=lambda bank: bank.balance_of("alice") >= 0,
    )


def test_the_auditor_never_sees_money_in_flight(race, submission):
    def auditor(bank):
        assert bank.audit() == 200

    race(
        lambda: open_bank(submission),
        lambda bank: bank.transfer("alice", "bob", 60),
        auditor,
    )


# -- Two at once, and one of them fails: the other must get in all the same


def other_teller(bank):
    bank.transfer("alice", "bob", 30)


def bob_was_paid(bank):
    assert bank.balance_of("bob") == 130


def test_insufficient_funds_keep_nobody_out(race, submission):
    def greedy_teller(bank):
        with suppress(submission.InsufficientFunds):
            bank.transfer("alice", "bob", 500)

    race(lambda: open_bank(submission), greedy_teller, other_teller, at_end=bob_was_paid)


def test_an_unknown_receiver_keeps_nobody_out(race, submission):
    def mistaken_teller(bank):
        with suppress(submission.NoSuchAccount):
            bank.transfer("alice", "nobody", 60)

    race(lambda: open_bank(submission), mistaken_teller, other_teller, at_end=bob_was_paid)


def test_an_unknown_name_keeps_nobody_out(race, submission):
    def curious_customer(bank):
        with suppress(submission.NoSuchAccount):
            bank.balance_of("nobody")

    race(lambda: open_bank(submission), curious_customer, other_teller, at_end=bob_was_paid)


def test_a_transfer_to_oneself_keeps_nobody_out(race, submission):
    def absent_minded_teller(bank):
        bank.transfer("alice", "alice", 60)

    race(lambda: open_bank(submission), absent_minded_teller, other_teller, at_end=bob_was_paid)
