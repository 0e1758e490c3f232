"""What an account owes to those who draw from it: what is there, at once, and no more."""

from contextlib import suppress

import pytest

# -- One cash machine


def test_a_withdrawal_is_paid(submission):
    joint = submission.Account(100)
    joint.withdraw(60)
    assert joint.balance == 40
    joint.deposit(10)
    joint.withdraw(50)
    assert joint.balance == 0


def test_a_withdrawal_needs_the_funds(race, submission):
    def cash_machine(joint):
        with pytest.raises(submission.InsufficientFunds):
            joint.withdraw(101)

    race(
        lambda: submission.Account(100),
        cash_machine,
        at_end=lambda joint: joint.balance == 100,
    )


# -- Several at once


def test_the_account_is_not_overdrawn(race, submission):
    def cash_machine(joint):
        with suppress(submission.InsufficientFunds):  # there is enough for one of the two
            joint.withdraw(60)

    race(
        lambda: submission.Account(100),
        cash_machine,
        cash_machine,
        at_end=lambda joint: joint.balance >= 0,
    )


def test_the_account_is_not_overdrawn_by_three(race, submission):
    def cash_machine(joint):
        with suppress(submission.InsufficientFunds):  # there is enough for two of the three
            joint.withdraw(40)

    race(
        lambda: submission.Account(100),
        cash_machine,
        cash_machine,
        cash_machine,
        at_end=lambda joint: joint.balance >= 0,
    )


def test_no_more_is_paid_out_than_there_was(race, submission):
    """`anna` and `ben` are their wallets."""

    def anna_draws(joint, anna, ben):
        with suppress(submission.InsufficientFunds):
            joint.withdraw(60)
            anna.append(60)

    def ben_draws(joint, anna, ben):
        with suppress(submission.InsufficientFunds):
            joint.withdraw(60)
            ben.append(60)

    race(
        lambda: (submission.Account(100), [], []),
        anna_draws,
        ben_draws,
        at_end=lambda joint, anna, ben: joint.balance + sum(anna) + sum(ben) == 100,
    )


def test_one_of_two_is_paid(race, submission):
    def cash_machine(joint):
        with suppress(submission.InsufficientFunds):  # one of the two, and only one
            joint.withdraw(60)

    race(
        lambda: submission.Account(100),
        cash_machine,
        cash_machine,
        at_end=lambda joint: joint.balance == 40,
    )


def test_both_are_paid_if_there_is_enough(race, submission):
    race(
        lambda: submission.Account(100),
        lambda joint: joint.withdraw(50),
        lambda joint: joint.withdraw(50),
        at_end=lambda joint: joint.balance == 0,
    )


def test_no_deposit_is_lost(race, submission):
    race(
        lambda: submission.Account(100),
        lambda joint: joint.deposit(50),
        lambda joint: joint.withdraw(30),
        at_end=lambda joint: joint.balance == 120,
    )
