"""What a bank owes its customers: no money is lost, no account is overdrawn, the books balance."""

from contextlib import suppress

import pytest


def open_bank(submission):
    """A bank with 200 in it."""
    bank = submission.Bank()
    return bank, bank.open("alice", 100), bank.open("bob", 100)


# -- One teller


def test_a_transfer_moves_the_money(submission):
    bank, alice, bob = open_bank(submission)
    bank.transfer(alice, bob, 60)
    assert alice.balance == 40
    assert bob.balance == 160
    assert bank.audit() == 200


def test_a_transfer_needs_the_funds(submission):
    bank, alice, bob = open_bank(submission)
    with pytest.raises(submission.InsufficientFunds):
        bank.transfer(alice, bob, 101)
    assert alice.balance == 100
    assert bob.balance == 100


# -- Two at once


def test_no_money_is_lost(race, submission):
    race(
        lambda: open_bank(submission),
        lambda bank, alice, bob: bank.transfer(alice, bob, 60),
        lambda bank, alice, bob: bank.transfer(bob, alice, 30),
        at_end=lambda bank, alice, bob: alice.balance + bob.balance == 200,
    )


def test_no_account_is_overdrawn(race, submission):
    def teller(bank, alice, bob):
        with suppress(submission.InsufficientFunds):  # there is enough for one of the two
            bank.transfer(alice, bob, 60)

    race(
        lambda: open_bank(submission),
        teller,
        teller,
        at_end=lambda bank, alice, bob: alice.balance >= 0,
    )


def test_a_refused_transfer_changes_nothing(race, submission):
    def greedy_teller(bank, alice, bob):
        with suppress(submission.InsufficientFunds):
            bank.transfer(alice, bob, 500)

    race(
        lambda: open_bank(submission),
        greedy_teller,
        lambda bank, alice, bob: bank.transfer(bob, alice, 30),
        at_end=lambda bank, alice, bob: alice.balance + bob.balance == 200,
    )


def test_the_auditor_never_sees_money_in_flight(race, submission):
    def auditor(bank, alice, bob):
        assert bank.audit() == 200

    race(
        lambda: open_bank(submission),
        lambda bank, alice, bob: bank.transfer(alice, bob, 60),
        auditor,
    )
