"""M3, M9, B1: who must not be reminded though something is due."""

from datetime import date, timedelta
from typing import Any

import pytest

from app.reminders import Occasion, ReminderKind, hindrance, why_not
from app.vocabulary import DetentionStatus, MailAccess, MailRoute, MatchState, VettingState
from tests.unit.reminders.facts import BEGAN, match

TODAY = BEGAN + timedelta(days=15)
OFFER, LETTER, BIRTHDAY = ReminderKind.OFFER_UNANSWERED, ReminderKind.LETTER_DUE, ReminderKind.BIRTHDAY_AHEAD
DUE = Occasion(LETTER, "match", TODAY)

ANY_REMINDER = [
    ({"detention_status": DetentionStatus.RELEASED}, "no_longer_held"),
    ({"detention_status": DetentionStatus.DIED_IN_CUSTODY}, "no_longer_held"),
    ({"died": True}, "no_longer_held"),
    ({"prisoner_held": True}, "on_hold"),
    ({"held": True}, "on_hold"),
    ({"disabled": True}, "account_disabled"),
    ({"address_confirmed": False}, "address_unconfirmed"),
    ({"vetting_state": VettingState.PENDING}, "vetting_changed"),
    ({"paused": True}, "sponsor_paused"),
    ({"available_from": TODAY + timedelta(days=1)}, "not_available"),
    ({"available_until": TODAY - timedelta(days=1)}, "not_available"),
]
ABOUT_POST = [
    ({"has_address": False}, "address_incomplete"),
    ({"address_verified_on": None}, "address_not_vouched_for"),
    ({"address_verified_on": TODAY - timedelta(days=181)}, "address_not_vouched_for"),
    ({"route": MailRoute.CLOSED}, "route_closed"),
    ({"detention_status": DetentionStatus.IN_TRANSFER}, "whereabouts_unknown"),
    ({"detention_status": DetentionStatus.UNKNOWN}, "whereabouts_unknown"),
]


@pytest.mark.parametrize("kind", ReminderKind)
def test_nothing_stands_in_the_way_of_an_ordinary_match(kind: ReminderKind) -> None:
    assert hindrance(kind, match(available_from=TODAY, available_until=TODAY), on=TODAY) is None
    assert hindrance(kind, match(route=MailRoute.VIA_HUB), on=TODAY) is None


@pytest.mark.parametrize("kind", ReminderKind)
@pytest.mark.parametrize(("changes", "reason"), ANY_REMINDER)
def test_what_holds_back_every_reminder(kind: ReminderKind, changes: dict[str, Any], reason: str) -> None:
    assert hindrance(kind, match(**changes), on=TODAY) == reason


@pytest.mark.parametrize(("changes", "reason"), ABOUT_POST)
def test_what_holds_back_reminders_of_post_and_nothing_else(changes: dict[str, Any], reason: str) -> None:
    facts = match(**changes)

    assert [hindrance(kind, facts, on=TODAY) for kind in (LETTER, BIRTHDAY, OFFER)] == [reason, reason, None]


def test_a_death_is_the_first_thing_to_be_said() -> None:
    facts = match(died=True, paused=True, has_address=False)

    assert hindrance(BIRTHDAY, facts, on=TODAY) == "no_longer_held"


def test_an_occasion_that_stands_may_be_mailed_until_it_is_stale() -> None:
    days = [TODAY - timedelta(days=1), TODAY, TODAY + timedelta(days=5), TODAY + timedelta(days=6)]

    assert [why_not(DUE, match(), on=day) for day in days] == ["no_longer_due", None, None, "stale"]


@pytest.mark.parametrize(
    "changes",
    [
        {"last_letter_on": TODAY},
        {"last_letter_on": TODAY - timedelta(days=3)},
        {"state": MatchState.PAUSED},
        {"state": MatchState.ENDED},
        {"letters_a_month": 0},
        {"mail_access": MailAccess.INCOMMUNICADO},
        {"mail_access": MailAccess.RELATIVES_ONLY},
    ],
)
def test_a_letter_is_no_longer_due_once_it_was_sent_or_the_match_has_changed(changes: dict[str, Any]) -> None:
    assert why_not(DUE, match(**changes), on=TODAY) == "no_longer_due"


def test_an_offer_that_was_answered_is_not_mentioned() -> None:
    occasion = Occasion(OFFER, "match", BEGAN + timedelta(days=5))

    assert why_not(occasion, match(state=MatchState.APPROVED), on=occasion.due_on) is None
    assert why_not(occasion, match(state=MatchState.ACTIVE), on=occasion.due_on) == "no_longer_due"


def test_a_birthday_that_was_corrected_is_not_mentioned_on_the_wrong_day() -> None:
    occasion = Occasion(BIRTHDAY, "match", date(2026, 11, 26))

    assert why_not(occasion, match(birthday=date(1980, 12, 24)), on=occasion.due_on) is None
    assert why_not(occasion, match(birthday=date(1980, 4, 12)), on=occasion.due_on) == "no_longer_due"
    assert why_not(occasion, match(birthday=None), on=occasion.due_on) == "no_longer_due"
