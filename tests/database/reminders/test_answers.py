"""Answering a reminder by its links: signed, bound to mail and address, once each, and for thirty days (A7, M10)."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from app import clock
from app.actions import preferences, reminder_answers
from app.database import session
from app.errors import NotAllowed, NotFound
from app.models import AuditEvent, Letter, MailAnswer, Match, OutgoingMail
from app.queries import mailed_links
from app.queries.accounts import viewer_of
from app.reminder_words import ReminderAnswer, ReminderKind
from app.transaction import transaction
from app.vocabulary import EndReason, LetterState, MatchState, OutgoingState, VettingState
from tests.database.mail.letters import change
from tests.database.mail.post import settings
from tests.database.reminders.people import (
    DAY,
    EIGHT,
    birthday_match,
    deliver,
    letter,
    occasions,
    offered_match,
    outbox,
    schedule,
    writer,
)
from tests.factories import fresh, make_account, make_sponsor
from tests.smtp_peer import SmtpPeer

HOUR = timedelta(hours=1)
TODAY = EIGHT.date()
SENT, LATER, PAUSE = ReminderAnswer.SENT, ReminderAnswer.LATER, ReminderAnswer.PAUSE


@pytest.fixture
def reminded(app: Flask, peer: SmtpPeer) -> Match:
    """A match whose sponsor has just been reminded of a letter."""
    match = writer()
    schedule(app)
    assert deliver(app) == {"sent": 1}
    return match


def token() -> str:
    """What stands in the links of the only mail."""
    [mail] = outbox()
    return mailed_links.answer_token(mail)


def answer(said: ReminderAnswer, *, link: str | None = None, after: timedelta = HOUR) -> None:
    link = link or token()
    with clock.at(EIGHT + after), transaction():
        reminder_answers.answer(link, said)


def letters() -> list[tuple[str, LetterState, date | None]]:
    session().rollback()
    return [(letter.match_id, letter.state, letter.sent_on) for letter in session().scalars(select(Letter))]


def test_a_letter_that_is_in_the_post_is_noted_for_today_and_counts(app: Flask, reminded: Match) -> None:
    answer(SENT)

    assert letters() == [(reminded.id, LetterState.SENT, TODAY)]
    actions = [event.action for event in session().scalars(select(AuditEvent).order_by(AuditEvent.number))]
    assert actions == ["letter_sent", "answer_sent"]
    assert schedule(app, EIGHT + 14 * DAY)["queued"] == 0
    assert schedule(app, EIGHT + 15 * DAY)["queued"] == 1


def test_the_day_is_the_one_where_the_sponsor_lives(app: Flask, peer: SmtpPeer) -> None:
    match = writer(time_zone="Pacific/Auckland")
    schedule(app, EIGHT)
    [mail] = outbox()
    deliver(app, mail.due_at)

    with clock.at(mail.due_at + 6 * HOUR), transaction():
        reminder_answers.answer(mailed_links.answer_token(fresh(mail)), SENT)

    assert letters() == [(match.id, LetterState.SENT, TODAY + DAY)]


@pytest.mark.parametrize("said", [SENT, LATER, PAUSE])
def test_a7_each_link_acts_once(app: Flask, reminded: Match, said: ReminderAnswer) -> None:
    answer(said)
    before = (len(letters()), len(outbox()))
    link = mailed_links.answer_token(outbox()[0])

    with pytest.raises(NotFound):
        answer(said, link=link, after=25 * HOUR)

    assert (len(letters()), len(outbox())) == before


def test_a7_of_many_presses_at_once_one_acts(app: Flask, reminded: Match) -> None:
    link = token()
    session().rollback()

    def press(_number: int) -> str:
        with app.app_context():
            try:
                answer(SENT, link=link)
            except NotFound:
                return "not there"
            return "done"

    with ThreadPoolExecutor(6) as presses:
        came = Counter(presses.map(press, range(6)))

    assert came == {"done": 1, "not there": 5}
    assert len(letters()) == 1


def test_one_answer_leaves_the_others_to_be_given(app: Flask, reminded: Match) -> None:
    link = token()

    for said in (LATER, PAUSE, SENT):
        answer(said, link=link)

    assert len(session().scalars(select(MailAnswer)).all()) == 3


def _answer_and_forget(match: Match) -> None:
    answer(LATER)


def _take_back_sending(_match: Match) -> None:
    change(outbox()[0], state=OutgoingState.QUEUED, sent_at=None)


MAY_NOT_ACT = {
    "too old": (lambda _match: None, 30 * DAY),
    "another address": (lambda match: change(match.sponsor.account, email="new@example.org"), HOUR),
    "account closed": (lambda match: change(match.sponsor.account, disabled_at=EIGHT), HOUR),
    "address not confirmed": (lambda match: change(match.sponsor.account, email_confirmed_at=None), HOUR),
    "mail not sent": (_take_back_sending, HOUR),
    "used": (_answer_and_forget, HOUR),
}


@pytest.mark.parametrize("case", MAY_NOT_ACT)
def test_a7_a_link_that_may_not_act_is_not_there(app: Flask, reminded: Match, case: str) -> None:
    happen, after = MAY_NOT_ACT[case]
    link = token()
    happen(reminded)

    with clock.at(EIGHT + after):
        assert mailed_links.answerable(link, LATER) is None
    with pytest.raises(NotFound):
        answer(LATER, link=link, after=after)
    assert fresh(reminded.sponsor).paused_at is None


def test_it_acts_until_its_last_day(app: Flask, reminded: Match) -> None:
    with clock.at(EIGHT + 30 * DAY - HOUR):
        assert mailed_links.answerable(token(), SENT) is not None


@pytest.mark.parametrize(
    "forge",
    [
        lambda made: made[:-1] + ("E" if made[-1] != "E" else "I"),
        lambda made: made[:16],
        lambda made: made[:16] + "é" * 43,
    ],
)
def test_a_token_that_we_did_not_make_is_none(app: Flask, reminded: Match, forge: Any) -> None:
    assert forge(token()) != token()
    assert mailed_links.answerable(forge(token()), SENT) is None


def test_a_token_is_good_for_its_own_mail_and_purpose_only(app: Flask, reminded: Match) -> None:
    """What ends reminders answers none, and the other way about; one site's links are nothing to another."""
    [mail] = outbox()
    mine, ending = token(), mailed_links.unsubscribe_token(mail.account_id, ReminderKind.LETTER_DUE)

    assert mailed_links.unsubscribing(mine) is None
    assert mailed_links.answerable(mail.id + ending[16:], SENT) is None
    with settings(app, secret_key="another-secret-0123456789-abcdefghij"):
        assert mailed_links.answerable(mine, SENT) is None
        assert mailed_links.unsubscribing(ending) is None


@pytest.mark.parametrize("kind", ReminderKind)
def test_m6_a_token_to_unsubscribe_names_account_and_kind_to_us_alone(app: Flask, kind: ReminderKind) -> None:
    made = mailed_links.unsubscribe_token("abcdefghijklmnop", kind)

    assert mailed_links.unsubscribing(made) == mailed_links.Unsubscribing("abcdefghijklmnop", (kind,))
    assert mailed_links.unsubscribing("abcdefghijklmnoq" + made[16:]) is None
    assert kind not in made


def test_m4_a_reminder_that_was_put_off_comes_once_a_week_later(app: Flask, reminded: Match, peer: SmtpPeer) -> None:
    answer(LATER)

    assert occasions()[1:] == [f"letter_due:{reminded.id}:{TODAY}:{TODAY + 7 * DAY}"]
    for day in range(1, 14):
        schedule(app, EIGHT + day * DAY)
        assert deliver(app, EIGHT + day * DAY) == ({"sent": 1} if day == 7 else {})
    assert len(peer.mails) == 2


def test_m3_what_was_put_off_is_asked_about_again_when_it_goes(app: Flask, reminded: Match, peer: SmtpPeer) -> None:
    answer(LATER)
    letter(reminded, sent_on=TODAY + 2 * DAY)

    assert deliver(app, EIGHT + 7 * DAY) == {"suppressed": 1}
    assert outbox()[1].reason == "no_longer_due"


def test_what_was_put_off_can_be_put_off_again(app: Flask, reminded: Match, peer: SmtpPeer) -> None:
    answer(LATER)
    deliver(app, EIGHT + 7 * DAY)

    answer(LATER, link=mailed_links.answer_token(outbox()[1]), after=7 * DAY + HOUR)

    assert [occasion[-10:] for occasion in occasions()] == [str(TODAY + days * DAY) for days in (0, 7, 14)]


def test_a_birthday_is_put_off_only_while_the_post_has_time(app: Flask, peer: SmtpPeer) -> None:
    birthday_match()
    schedule(app)
    deliver(app)
    link = token()

    with pytest.raises(NotFound):
        answer(LATER, link=link, after=4 * DAY)
    answer(LATER, link=link, after=3 * DAY)

    assert len(outbox()) == 2


def test_a_pause_by_a_link_ends_by_itself(app: Flask, reminded: Match) -> None:
    answer(PAUSE)

    sponsor = fresh(reminded.sponsor)
    assert (sponsor.resumes_on, sponsor.paused_by) == (TODAY + 28 * DAY, sponsor.account_id)
    meanwhile = schedule(app, EIGHT + 15 * DAY)
    assert (meanwhile["queued"], set(meanwhile["skipped"])) == (0, {"sponsor_paused"})
    assert schedule(app, EIGHT + 30 * DAY)["queued"] == 1


def test_a_pause_by_a_link_does_not_shorten_the_one_that_was_chosen(app: Flask, reminded: Match) -> None:
    by, link = viewer_of(reminded.sponsor.account), token()
    with clock.at(EIGHT), transaction():
        preferences.pause(by=by, resumes_on=None)

    answer(PAUSE, link=link)

    assert fresh(reminded.sponsor).resumes_on is None


def test_an_offer_can_be_answered_with_a_pause_only_and_goes_back(app: Flask, peer: SmtpPeer) -> None:
    match = offered_match()
    schedule(app)
    deliver(app)
    link = token()

    for said in (SENT, LATER):
        with pytest.raises(NotFound):
            answer(said, link=link)
    answer(PAUSE, link=link)

    assert fresh(match).state is MatchState.WITHDRAWN


def test_z4_no_letter_is_noted_for_a_match_that_has_ended_and_the_link_is_not_used_up(
    app: Flask, reminded: Match
) -> None:
    link = token()
    change(reminded, state=MatchState.ENDED, ended_at=EIGHT, end_reason=EndReason.COORDINATOR)

    with pytest.raises(NotFound):
        answer(SENT, link=link)

    assert letters() == []
    assert session().scalars(select(MailAnswer)).all() == []


def test_whoever_is_no_longer_a_sponsor_answers_nothing(app: Flask, reminded: Match) -> None:
    link = token()
    other = make_sponsor(account=make_account(), vetting_state=VettingState.PENDING)
    change(reminded.sponsor, account_id=make_account().id)

    with pytest.raises(NotAllowed):
        answer(PAUSE, link=link)
    assert fresh(other).paused_at is None


def test_a_reminder_waits_for_a_day_that_is_not_quiet(app: Flask, peer: SmtpPeer) -> None:
    """M5: 22 November 2026 is a Sunday; Sunday and Monday are quiet."""
    match = writer(quiet_days=[6, 0])

    schedule(app, EIGHT - HOUR)
    assert outbox()[0].due_at == EIGHT + 2 * DAY
    change(match.sponsor, quiet_days=[1, 2])

    assert deliver(app, EIGHT + 2 * DAY) == {"waiting": 1}
    assert outbox()[0].due_at == EIGHT + 4 * DAY
    assert deliver(app, EIGHT + 4 * DAY) == {"sent": 1}


@pytest.mark.parametrize("changes", [{"reminders_off": ["letter_due"]}, {"no_reminders": True}])
def test_a_kind_that_is_not_wanted_is_not_queued(app: Flask, changes: dict[str, Any]) -> None:
    writer(**changes)

    assert schedule(app) == {"queued": 0, "already": 0, "skipped": {"not_wanted": 1}}


def test_m3_whoever_unsubscribes_gets_nothing_of_what_waits(app: Flask, peer: SmtpPeer) -> None:
    """One sponsor with a place for many: what falls due together shares a mail, and none of it goes."""
    first = writer(capacity=8)
    for _ in range(5):
        change(writer(), sponsor_id=first.sponsor_id)
    assert schedule(app, EIGHT - HOUR)["queued"] == 6

    with transaction():
        preferences.unsubscribe(first.sponsor.account_id, [ReminderKind.LETTER_DUE], from_all=False)

    assert deliver(app) == {"suppressed": 1}
    assert {mail.reason for mail in outbox()} == {"not_wanted"}


def test_no_token_is_kept(app: Flask, reminded: Match) -> None:
    """A7: links are reckoned when a mail is written; of an answer only that it was given stands anywhere."""
    answer(LATER)

    columns = {column.name for table in (OutgoingMail, MailAnswer) for column in table.__table__.columns}
    assert [name for name in columns if "token" in name or "link" in name] == []
