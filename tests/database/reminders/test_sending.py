"""M3, M4, M5: what is asked again when a reminder is sent, and what becomes of one that comes too late."""

from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from flask import Flask

from app.database import session
from app.models import Match
from app.partial_date import PartialDate
from app.vocabulary import DetentionStatus, EndReason, MailAccess, MatchState, OutgoingState, VettingState
from tests.database.mail.letters import change
from tests.database.reminders.people import (
    DAY,
    EIGHT,
    birthday_match,
    deliver,
    letter,
    offered_match,
    outbox,
    schedule,
    writer,
)
from tests.factories import make_prisoner
from tests.smtp_peer import SmtpPeer

HOUR = timedelta(hours=1)
TODAY = EIGHT.date()


def _end(match: Match) -> None:
    change(match, state=MatchState.ENDED, ended_at=EIGHT, end_reason=EndReason.COORDINATOR)


STOPS = {
    "letter sent": (lambda match: letter(match, sent_on=TODAY), "no_longer_due"),
    "match ended": (_end, "no_longer_due"),
    "match paused": (lambda match: change(match, state=MatchState.PAUSED), "no_longer_due"),
    "rhythm given up": (lambda match: change(match.sponsor, letters_a_month=0), "no_longer_due"),
    "incommunicado": (lambda match: change(match.prisoner, mail_access=MailAccess.INCOMMUNICADO), "no_longer_due"),
    "released": (lambda match: change(match.prisoner, detention_status=DetentionStatus.RELEASED), "no_longer_held"),
    "died": (lambda match: change(match.prisoner, detention_status=DetentionStatus.DIED_IN_CUSTODY), "no_longer_held"),
    "death known by its day": (lambda match: change(match.prisoner, died_on=PartialDate(2026, 11)), "no_longer_held"),
    "on the way": (
        lambda match: change(match.prisoner, detention_status=DetentionStatus.IN_TRANSFER),
        "whereabouts_unknown",
    ),
    "address lost": (lambda match: change(match.prisoner, facility_id=None), "address_incomplete"),
    "case on hold": (lambda match: change(match.prisoner, held=True), "on_hold"),
    "sponsor on hold": (lambda match: change(match.sponsor, held=True), "on_hold"),
    "sponsor paused": (
        lambda match: change(match.sponsor, paused_at=EIGHT, paused_by=match.sponsor.account_id),
        "sponsor_paused",
    ),
    "no longer vetted": (lambda match: change(match.sponsor, vetting_state=VettingState.PENDING), "vetting_changed"),
    "address changed": (lambda match: change(match.sponsor.account, email_confirmed_at=None), "address_unconfirmed"),
    "disabled": (lambda match: change(match.sponsor.account, disabled_at=EIGHT), "account_disabled"),
}


@pytest.mark.parametrize("happening", STOPS)
def test_a_reminder_that_no_longer_concerns_anybody_is_suppressed(app: Flask, peer: SmtpPeer, happening: str) -> None:
    """M3: eligibility is checked again at sending."""
    happen, reason = STOPS[happening]
    match = writer()
    schedule(app, EIGHT - HOUR)
    happen(match)

    assert deliver(app) == {"suppressed": 1}
    assert [mail.reason for mail in outbox()] == [reason]
    assert peer.tried == 0


@pytest.mark.parametrize("make", [writer, birthday_match, offered_match])
def test_every_kind_of_reminder_goes_in_the_morning(app: Flask, peer: SmtpPeer, make: Any) -> None:
    make()
    schedule(app, EIGHT - HOUR)

    assert deliver(app, EIGHT - HOUR) == {}
    assert deliver(app) == {"sent": 1}


@pytest.mark.parametrize("make", [birthday_match, offered_match])
def test_a_death_stops_the_cheerful_mail(app: Flask, peer: SmtpPeer, make: Any) -> None:
    """M3: a death never triggers a cheerful or birthday mail."""
    match = make()
    schedule(app, EIGHT - HOUR)
    change(match.prisoner, detention_status=DetentionStatus.DIED_IN_CUSTODY, died_on=PartialDate.of(TODAY))

    assert deliver(app) == {"suppressed": 1}
    assert schedule(app, EIGHT + HOUR)["queued"] == 0
    assert peer.mails == []


def test_an_offer_that_was_answered_meanwhile_is_not_mentioned_again(app: Flask, peer: SmtpPeer) -> None:
    match = offered_match()
    schedule(app, EIGHT - HOUR)
    change(match, state=MatchState.ACTIVE, answered_at=EIGHT - HOUR)

    assert deliver(app) == {"suppressed": 1}


def test_an_event_in_the_middle_of_a_batch_stops_the_reminders_that_follow(app: Flask, peer: SmtpPeer) -> None:
    """M3: at mail 1 of 8 the prisoner is released; nobody is reminded of them after it."""
    prisoner = make_prisoner(letter_writer_seats=20, birth_date=None)
    for _ in range(8):
        change(writer(), prisoner_id=prisoner.id)
    schedule(app, EIGHT - HOUR)

    def release() -> None:
        with app.app_context():
            change(session().get_one(type(prisoner), prisoner.id), detention_status=DetentionStatus.RELEASED)

    peer.script.taken = release

    assert deliver(app) == {"sent": 1, "suppressed": 7}
    assert len(peer.mails) == 1


def test_three_days_down_bring_one_mail_for_each_occasion_in_the_next_morning(app: Flask, peer: SmtpPeer) -> None:
    """M4: whether the occasion was queued before the outage or only after it."""
    writer()
    schedule(app, EIGHT - HOUR)
    writer(due=EIGHT + DAY)
    back = EIGHT + 3 * DAY + 7 * HOUR

    assert schedule(app, back) == {"queued": 1, "already": 1, "skipped": {}}
    assert deliver(app, back) == {"waiting": 1}
    assert deliver(app, EIGHT + 4 * DAY) == {"sent": 2}
    schedule(app, EIGHT + 4 * DAY)
    assert deliver(app, EIGHT + 5 * DAY) == {}
    assert len(peer.mails) == len({mail.occasion for mail in outbox()}) == 2


def test_what_has_gone_stale_is_dropped(app: Flask, peer: SmtpPeer) -> None:
    """M4: six days late a letter's reminder is not queued, and one that was queued is not sent."""
    writer()
    schedule(app, EIGHT - HOUR)
    writer()

    assert schedule(app, EIGHT + 6 * DAY)["queued"] == 0
    assert deliver(app, EIGHT + 6 * DAY) == {"suppressed": 1}
    assert [mail.reason for mail in outbox()] == ["stale"]


def test_what_would_be_stale_by_the_next_morning_is_dropped_at_once(app: Flask, peer: SmtpPeer) -> None:
    writer()
    schedule(app, EIGHT - HOUR)

    assert deliver(app, EIGHT + 5 * DAY + 4 * HOUR) == {"suppressed": 1}


def test_a_retry_that_falls_behind_waits_for_the_next_morning_and_burns_no_attempt(app: Flask, peer: SmtpPeer) -> None:
    """M2 and M5."""
    writer()
    schedule(app, EIGHT - HOUR)
    peer.script.rcpt = "451 later"
    assert deliver(app, EIGHT + 2 * HOUR) == {"waiting": 1}
    peer.script.rcpt = None

    assert deliver(app, EIGHT + 3 * HOUR) == {"waiting": 1}
    [mail] = outbox()
    assert (mail.state, mail.attempts, mail.reason, mail.due_at) == (
        OutgoingState.WAITING, 1, "outside_morning", EIGHT + DAY
    )  # fmt: skip
    assert deliver(app, EIGHT + DAY) == {"sent": 1}


def test_somebody_who_moved_gets_it_in_the_morning_of_where_they_are(app: Flask, peer: SmtpPeer) -> None:
    """M5."""
    match = writer()
    schedule(app, EIGHT - HOUR)
    change(match.sponsor.account, time_zone="America/Toronto")

    assert deliver(app) == {"waiting": 1}
    [mail] = outbox()
    assert mail.due_at.astimezone(ZoneInfo("America/Toronto")).hour == 8
    assert deliver(app, mail.due_at) == {"sent": 1}


def test_a_sponsor_in_a_states_reach_is_told_that_there_is_a_message(app: Flask, peer: SmtpPeer) -> None:
    change(writer().sponsor.account, email="somebody@mail.ru")
    schedule(app, EIGHT - HOUR)

    assert deliver(app) == {"sent": 1}
    assert peer.mails[0].message["Subject"] == "You have a message"
