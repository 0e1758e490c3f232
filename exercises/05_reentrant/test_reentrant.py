"""Four operations, each safe by itself, and one of them is made of two others."""

from contextlib import suppress

import pytest


def open_bank(submission):
    """A bank with 200 in it."""
    bank = submission.Bank()
    return bank, bank.open("alice", 100), bank.open("bob", 100)


# -- One teller


def test_deposit_and_withdraw(submission):
    bank, alice, bob = open_bank(submission)
    bank.deposit(alice, 50)
    bank.withdraw(bob, 30)
    assert alice.balance == 150
    assert bob.balance == 70
    assert bank.audit() == 220


def test_a_withdrawal_needs_the_funds(submission):
    bank, alice, _ = open_bank(submission)
    with pytest.raises(submission.InsufficientFunds):
        bank.withdraw(alice, 101)
    assert alice.balance == 100


def test_a_transfer_comes_to_its_end(race, submission):
    race(
        lambda: open_bank(submission),
        lambda bank, alice, bob: bank.transfer(alice, bob, 60),
        at_end=lambda bank, alice, bob: alice.balance == 40 and bob.balance == 160,
    )


# -- Two at once


def test_no_deposit_is_lost(race, submission):
    race(
        lambda: open_bank(submission),
        lambda bank, alice, bob: bank.deposit(alice, 50),
        lambda bank, alice, bob: bank.withdraw(alice, 30),
        at_end=lambda bank, alice, bob: alice.balance == 120,
    )


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

    def cash_machine(bank, alice, bob):
        with suppress(submission.InsufficientFunds):
            bank.withdraw(alice, 60)

    race(
        lambda: open_bank(submission),
        teller,
        cash_machine,
        at_end=lambda bank, alice, bob: alice.balance >= 0,
    )


def test_the_auditor_never_sees_money_in_flight(race, submission):
    def auditor(bank, alice, bob):
        assert bank.audit() == 200

    race(
        lambda: open_bank(submission),
        lambda bank, alice, bob: bank.transfer(alice, bob, 60),
        auditor,
    )
