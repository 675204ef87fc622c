"""C5, M3, M4: all of one sponsor's reminders of a morning share a mail, whoever queues them; only what holds goes."""

import re
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from app import clock
from app.actions import reminder_answers
from app.actions.reminders import Round
from app.database import session
from app.mail.outbox import Withdrawal, withdraw_unsent
from app.models import Letter, Match, Reminder
from app.queries import mailed_links
from app.reminder_words import ReminderAnswer, ReminderKind
from app.transaction import transaction
from app.vocabulary import DetentionStatus, MatchState
from tests.database.mail.letters import change, text_of
from tests.database.reminders.people import DAY, EIGHT, deliver, letter, occasions, outbox, schedule, writer
from tests.factories import fresh
from tests.smtp_peer import SmtpPeer

HOUR = timedelta(hours=1)
TODAY = EIGHT.date()


def writers_of_one_sponsor(count: int = 3) -> list[Match]:
    """Matches of one sponsor, each with a letter due today."""
    first = writer(capacity=count + 1)
    others = [writer() for _ in range(count - 1)]
    for other in others:
        change(other, sponsor_id=first.sponsor_id)
    return [first, *others]


def left_out() -> dict[str, str | None]:
    session().rollback()
    rows = session().execute(select(Reminder.match_id, Reminder.left_out))
    return {match_id or "": reason for match_id, reason in rows}


def test_what_falls_on_one_morning_goes_in_one_mail_each_occasion_once(app: Flask, peer: SmtpPeer) -> None:
    writers_of_one_sponsor(3)

    assert schedule(app) == {"queued": 3, "already": 0, "skipped": {}}
    assert schedule(app) == {"queued": 0, "already": 3, "skipped": {}}
    assert deliver(app) == {"sent": 1}
    assert schedule(app, EIGHT + HOUR) == {"queued": 0, "already": 3, "skipped": {}}

    [mail] = outbox()
    assert (mail.message, mail.match_id) == ("several_reminders", None)
    assert "letters to several people" in " ".join(text_of(peer.mails[0]).split())


def test_m3_a_part_that_no_longer_holds_is_left_out_and_the_rest_goes(app: Flask, peer: SmtpPeer) -> None:
    dead, written, left = writers_of_one_sponsor(3)
    schedule(app, EIGHT - HOUR)
    change(dead.prisoner, detention_status=DetentionStatus.DIED_IN_CUSTODY)
    letter(written, sent_on=TODAY)

    assert deliver(app) == {"sent": 1}
    assert left_out() == {dead.id: "no_longer_held", written.id: "no_longer_due", left.id: None}
    assert "A good day for a few lines" in str(peer.mails[0].message["Subject"])
    assert f"/matches/{left.id}" in text_of(peer.mails[0])


def test_m3_of_which_nothing_holds_nothing_goes(app: Flask, peer: SmtpPeer) -> None:
    matches = writers_of_one_sponsor(2)
    schedule(app, EIGHT - HOUR)
    for match in matches:
        change(match.prisoner, detention_status=DetentionStatus.RELEASED)

    assert deliver(app) == {"suppressed": 1}
    assert (outbox()[0].reason, peer.mails) == ("no_longer_held", [])


def test_what_is_withdrawn_about_one_match_leaves_the_others_of_the_mail(app: Flask, peer: SmtpPeer) -> None:
    first, second = writers_of_one_sponsor(2)
    schedule(app, EIGHT - HOUR)

    with transaction():
        withdraw_unsent(first.id, reason=Withdrawal.EVENT_RECORDED)

    assert left_out() == {first.id: "event_recorded", second.id: None}
    assert deliver(app) == {"sent": 1}


def test_what_falls_due_later_joins_the_mail_that_waits_and_never_one_that_went(app: Flask, peer: SmtpPeer) -> None:
    first, second = writers_of_one_sponsor(2)
    change(second, answered_at=EIGHT)
    schedule(app, EIGHT - HOUR)
    change(second, answered_at=EIGHT - 15 * DAY)
    schedule(app, EIGHT - HOUR / 2)
    assert len(outbox()) == 1
    deliver(app)

    third = writer()
    change(third, sponsor_id=first.sponsor_id)
    assert schedule(app, EIGHT + HOUR)["skipped"] == {"mailed_today": 1}
    assert schedule(app, EIGHT + 3 * HOUR)["queued"] == 1
    assert [deliver(app, EIGHT + moment) for moment in (HOUR, DAY)] == [{}, {"sent": 1}]
    assert len(set(occasions())) == 3


def test_a_mail_that_was_late_and_the_next_days_do_not_come_on_one_day(app: Flask, peer: SmtpPeer) -> None:
    """M5: one was put off until today; another, of yesterday, could not go before today."""
    match, other = writers_of_one_sponsor(2)
    change(other, answered_at=EIGHT - 9 * DAY)
    schedule(app)
    deliver(app)
    with clock.at(EIGHT + HOUR), transaction():
        reminder_answers.answer(mailed_links.answer_token(outbox()[0]), ReminderAnswer.LATER)
    assert schedule(app, EIGHT + 6 * DAY - HOUR)["queued"] == 1
    assert len(outbox()) == 3

    went = [deliver(app, EIGHT + 7 * DAY), deliver(app, EIGHT + 8 * DAY)]

    assert [sorted(day) for day in went] == [["sent", "waiting"], ["sent"]]
    assert fresh(match).state is MatchState.ACTIVE


def test_a_mail_with_two_letters_cannot_say_which_is_in_the_post(app: Flask, peer: SmtpPeer) -> None:
    writers_of_one_sponsor(2)
    schedule(app)
    deliver(app)

    links = set(re.findall(r"/reminders/[\w-]+/(\w+)", text_of(peer.mails[0])))

    assert links == {"later", "pause"}
    assert session().scalars(select(Letter)).all() == []


def test_putting_off_a_mail_puts_off_all_that_can_wait(app: Flask, peer: SmtpPeer) -> None:
    writers_of_one_sponsor(2)
    schedule(app)
    deliver(app)

    with clock.at(EIGHT + HOUR), transaction():
        reminder_answers.answer(mailed_links.answer_token(outbox()[0]), ReminderAnswer.LATER)

    assert len(outbox()) == 2
    assert len(occasions()) == 4
    assert deliver(app, EIGHT + 7 * DAY) == {"sent": 1}


def test_m6_unsubscribing_from_such_a_mail_ends_the_kinds_that_are_in_it(app: Flask, peer: SmtpPeer) -> None:
    match = writer(consented_on=TODAY - 365 * DAY, reminders_off=[])
    schedule(app)
    deliver(app)

    kinds = {ReminderKind.LETTER_DUE, ReminderKind.RE_CONSENT}
    token = mailed_links.unsubscribe_token(match.sponsor.account_id, *kinds)
    wish = mailed_links.unsubscribing(token)

    assert f"/unsubscribe/{token}" in str(peer.mails[0].message["List-Unsubscribe"])
    assert wish is not None
    assert wish.account_id == match.sponsor.account_id
    assert set(wish.kinds) == kinds


@pytest.mark.slow
def test_c5_schedulers_at_once_make_one_mail_with_everything_in_it(app: Flask) -> None:
    """Their clocks are a day apart, and half of what is due is queued already."""
    for _ in range(6):
        writers_of_one_sponsor(3)
    session().rollback()

    def plan(number: int) -> tuple[int, int]:
        with app.app_context(), clock.at(EIGHT - (number % 2) * 4 * HOUR):
            scheduling = Round()
            while not scheduling.is_over:
                with transaction():
                    scheduling.take_batch()
            return scheduling.queued, scheduling.already

    with ThreadPoolExecutor(4) as schedulers:
        came = list(schedulers.map(plan, range(4)))

    assert sum(queued for queued, _ in came) == 18
    assert all(queued + already == 18 for queued, already in came)
    assert len(outbox()) == 6
    assert len(occasions()) == 18
