"""Several cards for one account, several accounts at one bank: nothing is lost anywhere."""

from contextlib import suppress

import pytest


def one_account(submission):
    """An account with 100, and two cards for it."""
    bank = submission.Bank()
    joint = bank.open(100)
    return bank, joint, joint.card(), joint.card()


def two_accounts(submission):
    """Two accounts at one bank, and a card for each."""
    bank = submission.Bank()
    alice, bob = bank.open(100), bank.open(100)
    return bank, alice, bob, alice.card(), bob.card()


def two_banks(submission):
    """Two banks, each with an account, and a card for each."""
    here, there = submission.Bank(), submission.Bank()
    return here, there, here.open(100).card(), there.open(100).card()


# -- One customer


def test_a_payment_is_taken_from_the_account(submission):
    bank, joint, first, second = one_account(submission)
    first.pay(60)
    second.pay(10)
    assert joint.balance == 30
    assert bank.payments == 2


def test_a_payment_needs_the_funds(submission):
    bank, joint, first, _ = one_account(submission)
    with pytest.raises(submission.InsufficientFunds):
        first.pay(101)
    assert joint.balance == 100
    assert bank.payments == 0


def test_banks_count_for_themselves(submission):
    here, there, card_here, _ = two_banks(submission)
    card_here.pay(60)
    assert here.payments == 1
    assert there.payments == 0


# -- Two customers with cards for the same account


def test_no_payment_of_the_family_is_lost(race, submission):
    race(
        lambda: one_account(submission),
        lambda bank, joint, first, second: first.pay(60),
        lambda bank, joint, first, second: second.pay(30),
        at_end=lambda bank, joint, first, second: joint.balance == 10,
    )


def test_the_account_is_not_overdrawn(race, submission):
    def pays_with_the_first(bank, joint, first, second):
        with suppress(submission.InsufficientFunds):  # there is enough for one of the two
            first.pay(60)

    def pays_with_the_second(bank, joint, first, second):
        with suppress(submission.InsufficientFunds):
            second.pay(60)

    race(
        lambda: one_account(submission),
        pays_with_the_first,
        pays_with_the_second,
        at_end=lambda bank, joint, first, second: joint.balance >= 0,
    )


def test_a_card_can_be_used_twice_at_once(race, submission):
    """The same number, at a till and on the telephone."""
    race(
        lambda: one_account(submission),
        lambda bank, joint, first, second: first.pay(60),
        lambda bank, joint, first, second: first.pay(30),
        at_end=lambda bank, joint, first, second: joint.balance == 10,
    )


def test_a_new_card_is_as_good_as_an_old_one(race, submission):
    race(
        lambda: one_account(submission),
        lambda bank, joint, first, second: joint.card().pay(60),
        lambda bank, joint, first, second: first.pay(30),
        at_end=lambda bank, joint, first, second: joint.balance == 10,
    )


def test_payments_from_one_account_are_counted(race, submission):
    race(
        lambda: one_account(submission),
        lambda bank, joint, first, second: first.pay(60),
        lambda bank, joint, first, second: second.pay(30),
        at_end=lambda bank, joint, first, second: bank.payments == 2,
    )


# -- Two customers with accounts of their own


def test_payments_from_two_accounts_are_counted(race, submission):
    race(
        lambda: two_accounts(submission),
        lambda bank, alice, bob, card_a, card_b: card_a.pay(60),
        lambda bank, alice, bob, card_a, card_b: card_b.pay(30),
        at_end=lambda bank, alice, bob, card_a, card_b: bank.payments == 2,
    )
