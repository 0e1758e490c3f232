"""What a bank owes its auditors: the books as they were at one moment."""

from contextlib import suppress

import pytest


def open_bank(submission):
    """A bank with 200 in it."""
    return submission.Bank(alice=100, bob=100)


def bank_with_a_sheet(submission):
    """A bank, and a snapshot of its books."""
    bank = open_bank(submission)
    return bank, bank.snapshot()


# -- One at a time


def test_a_transfer_moves_the_money(submission):
    bank = open_bank(submission)
    bank.transfer("alice", "bob", 60)
    assert bank.total() == 200
    assert bank.snapshot() == {"alice": 40, "bob": 160}


def test_a_transfer_needs_the_funds(submission):
    bank = open_bank(submission)
    with pytest.raises(submission.InsufficientFunds):
        bank.transfer("alice", "bob", 101)
    assert bank.snapshot() == {"alice": 100, "bob": 100}


# -- While tellers are at work


def test_the_total_is_never_torn(race, submission):
    def auditor(bank):
        assert bank.total() == 200

    race(lambda: open_bank(submission), lambda bank: bank.transfer("alice", "bob", 60), auditor)


def test_the_total_is_never_torn_the_other_way(race, submission):
    def auditor(bank):
        assert bank.total() == 200

    race(lambda: open_bank(submission), lambda bank: bank.transfer("bob", "alice", 60), auditor)


def test_a_snapshot_is_of_one_moment(race, submission):
    def auditor(bank):
        sheet = bank.snapshot()
        assert sheet["alice"] + sheet["bob"] == 200

    race(lambda: open_bank(submission), lambda bank: bank.transfer("alice", "bob", 60), auditor)


def test_a_snapshot_stays_as_it_is(race, submission):
    def auditor(bank, sheet):
        first = sheet["alice"]
        second = sheet["alice"]  # he looks at his sheet once more
        assert first == second

    race(
        lambda: bank_with_a_sheet(submission),
        lambda bank, sheet: bank.transfer("alice", "bob", 60),
        auditor,
    )


def test_a_note_on_the_sheet_is_not_in_the_books(race, submission):
    def auditor(bank):
        sheet = bank.snapshot()
        sheet["alice"] = 0  # suppose that she could not pay

    race(lambda: open_bank(submission), auditor, at_end=lambda bank: bank.total() == 200)


# -- Tellers among themselves


def test_no_money_is_lost(race, submission):
    race(
        lambda: open_bank(submission),
        lambda bank: bank.transfer("alice", "bob", 60),
        lambda bank: bank.transfer("bob", "alice", 30),
        at_end=lambda bank: bank.total() == 200,
    )


def test_no_account_is_overdrawn(race, submission):
    def teller(bank):
        with suppress(submission.InsufficientFunds):  # there is enough for one of the two
            bank.transfer("alice", "bob", 60)

    race(
        lambda: open_bank(submission),
        teller,
        teller,
        at_end=lambda bank: bank.snapshot()["alice"] >= 0,
    )


def test_two_auditors_and_a_teller(race, submission):
    def auditor(bank):
        assert bank.total() == 200

    race(
        lambda: open_bank(submission),
        lambda bank: bank.transfer("alice", "bob", 60),
        auditor,
        auditor,
    )
