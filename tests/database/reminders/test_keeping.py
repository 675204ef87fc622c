"""What is due beside letters: ideas for godparents, mandates, the yearly question, silence, offers that lapse."""

from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from app import clock
from app.actions import letters, reminder_answers, signs
from app.actions.sessions import open_session
from app.database import session
from app.models import AuditEvent, Match, OutgoingMail, SilentMatch
from app.partial_date import PartialDate
from app.queries import keeping, mailed_links
from app.queries.accounts import viewer_of
from app.queries.matching import fact_sheet
from app.reminder_words import ReminderAnswer, ReminderKind
from app.transaction import transaction
from app.vocabulary import EndReason, MatchState, OutgoingState, Publicity, SupportKind, VettingState
from tests.database.mail.letters import change
from tests.database.reminders.people import DAY, EIGHT, deliver, occasions, offered_match, outbox, schedule
from tests.factories import PASSWORD, fresh, make_account, make_coordinator, make_match, make_prisoner, make_sponsor
from tests.smtp_peer import SmtpPeer

TODAY = EIGHT.date()
BOTH = ("coordinator", "programme")


def godparent(**changes: Any) -> Match:
    """A godparent of a public case since four weeks ago, who is well."""
    of_sponsor = {"consented_on": TODAY, "last_sign_on": TODAY} | changes
    return make_match(
        sponsor=make_sponsor(account=make_account(time_zone="UTC"), **of_sponsor),
        prisoner=make_prisoner(birth_date=None, publicity=Publicity.PUBLIC),
        kind=SupportKind.GODPARENT,
        state=MatchState.ACTIVE,
        answered_at=EIGHT - 28 * DAY,
    )


def kinds() -> list[str]:
    return [occasion.partition(":")[0] for occasion in occasions()]


def test_a_godparent_gets_an_idea_in_their_own_rhythm_and_no_letter_is_asked_for(app: Flask, peer: SmtpPeer) -> None:
    godparent()
    godparent(idea_weeks=8)
    godparent(idea_weeks=0)

    assert schedule(app)["queued"] == 1
    assert deliver(app) == {"sent": 1}
    assert schedule(app, EIGHT + 28 * DAY)["queued"] == 2
    assert set(kinds()) == {"action_idea"}


@pytest.mark.parametrize(
    ("publicity", "queued"),
    [(Publicity.PUBLIC, 2), (Publicity.SPONSORS_ONLY, 1), (Publicity.COORDINATORS_ONLY, 0)],
)
def test_nobody_is_asked_to_speak_of_a_case_that_is_not_public(app: Flask, publicity: Publicity, queued: int) -> None:
    match = godparent()
    change(match.prisoner, arrested_on=PartialDate.of((TODAY + 14 * DAY).replace(year=2020)), publicity=publicity)

    found = schedule(app)

    assert found["queued"] == queued
    assert found["skipped"].get("case_not_public", 0) == 2 - queued


@pytest.mark.parametrize(("days", "queued"), [(91, 0), (90, 1), (71, 1), (69, 0), (30, 1), (11, 1), (9, 0)])
def test_a_mandate_is_told_of_ninety_and_thirty_days_before_its_end(app: Flask, days: int, queued: int) -> None:
    godparent(mandate_ends=TODAY + days * DAY, idea_weeks=0)

    assert schedule(app)["queued"] == queued


def test_a_mandate_that_ends_stands_on_the_desk_until_the_match_has_ended(app: Flask) -> None:
    soon, later = godparent(mandate_ends=TODAY + 90 * DAY), godparent(mandate_ends=TODAY + 91 * DAY)
    staff = viewer_of(make_coordinator(roles=BOTH))

    with clock.at(EIGHT):
        assert [match.id for match in keeping.due(staff).mandates.items] == [soon.id]
    with clock.at(EIGHT + 200 * DAY):
        assert {match.id for match in keeping.due(staff).mandates.items} == {soon.id, later.id}
    change(soon, state=MatchState.ENDED, ended_at=EIGHT, end_reason=EndReason.MANDATE_ENDED)
    with clock.at(EIGHT):
        assert keeping.due(staff).mandates.items == []


def test_whoever_said_yes_a_year_ago_is_asked_twice_and_then_a_coordinator_asks(app: Flask, peer: SmtpPeer) -> None:
    match = godparent(consented_on=TODAY - 365 * DAY, idea_weeks=0)
    staff = viewer_of(make_coordinator(roles=BOTH))

    for day in range(60):
        moment = EIGHT + day * DAY
        change(match.sponsor, last_sign_on=moment.date())
        schedule(app, moment)
        assert deliver(app, moment) == ({"sent": 1} if day in (0, 21) else {})
        with clock.at(moment + timedelta(hours=1)):
            assert keeping.due(staff).unanswered.all == (1 if day >= 42 else 0)

    assert fresh(match).state is MatchState.ACTIVE


def test_one_click_answers_the_yearly_question_for_a_year(app: Flask, peer: SmtpPeer) -> None:
    match = godparent(consented_on=TODAY - 365 * DAY, idea_weeks=0)
    schedule(app)
    deliver(app)
    [mail] = outbox()

    with clock.at(EIGHT), transaction():
        reminder_answers.answer(mailed_links.answer_token(mail), ReminderAnswer.GO_ON)

    assert fresh(match.sponsor).consented_on == TODAY
    for day in (21, 100, 364):
        change(match.sponsor, last_sign_on=TODAY + day * DAY)
        assert schedule(app, EIGHT + day * DAY)["queued"] == 0
    assert schedule(app, EIGHT + 365 * DAY)["queued"] == 1


def test_a_long_silence_brings_one_softer_mail_and_then_the_desk(app: Flask, peer: SmtpPeer) -> None:
    match = godparent(last_sign_on=TODAY - 90 * DAY, idea_weeks=0)
    staff = viewer_of(make_coordinator(roles=BOTH))

    for day in range(40):
        schedule(app, EIGHT + day * DAY)
        assert deliver(app, EIGHT + day * DAY) == ({"sent": 1} if day == 0 else {})
        with clock.at(EIGHT + day * DAY):
            assert keeping.due(staff).quiet.all == (1 if day >= 30 else 0)

    assert kinds() == ["long_quiet"]
    assert fresh(match).state is MatchState.ACTIVE


def _log_in(match: Match) -> None:
    account = match.sponsor.account
    open_session(account.id, password=PASSWORD, checked_hash=account.password_hash)


def _post_letter(match: Match) -> None:
    letters.record_sent(match_id=match.id, by=viewer_of(match.sponsor.account), sent_on=TODAY)


def _speak(match: Match) -> None:
    by = viewer_of(make_coordinator(roles=BOTH))
    signs.heard_from(sponsor_id=match.sponsor_id, by=by)


@pytest.mark.parametrize("sign", [_log_in, _post_letter, _speak])
def test_any_sign_of_life_ends_a_silence(app: Flask, sign: Any) -> None:
    match = godparent(last_sign_on=TODAY - 200 * DAY)
    staff = make_coordinator(roles=BOTH)
    with transaction():
        signs.mark_silent(match_id=match.id, by=viewer_of(staff))

    with clock.at(EIGHT), transaction():
        sign(match)

    assert fresh(match.sponsor).last_sign_on == TODAY
    assert session().scalars(select(SilentMatch)).all() == []
    actions = set(session().scalars(select(AuditEvent.action)))
    assert {"mark_silent", "end_silence"} <= actions
    with clock.at(EIGHT):
        assert keeping.due(viewer_of(staff)).quiet.all == 0


def test_a_silent_sponsor_covers_nobody_keeps_the_seat_and_is_asked_for_nothing_in_a_rhythm(app: Flask) -> None:
    match = godparent()
    with transaction():
        signs.mark_silent(match_id=match.id, by=viewer_of(make_coordinator(roles=BOTH)))

    assert schedule(app) == {"queued": 0, "already": 0, "skipped": {"marked_silent": 1}}
    [facts] = fact_sheet(SupportKind.GODPARENT, TODAY).prisoners
    assert (facts.supporters_of_kind, facts.seats) == (0, match.prisoner.godparent_seats - 1)


def test_m3_nobody_is_asked_about_themselves_soon_after_a_death(app: Flask) -> None:
    match = godparent(last_sign_on=TODAY - 90 * DAY, idea_weeks=0)
    lost = make_match(sponsor=match.sponsor, state=MatchState.ENDED, end_reason=EndReason.DIED)
    change(lost, ended_at=EIGHT - 20 * DAY)

    assert schedule(app) == {"queued": 0, "already": 0, "skipped": {"in_mourning": 1}}
    assert schedule(app, EIGHT + 8 * DAY)["queued"] == 1


def offers(state: MatchState) -> list[Match]:
    session().rollback()
    return list(session().scalars(select(Match).where(Match.state == state)))


def heard_of(match: Match, state: OutgoingState = OutgoingState.SENT) -> None:
    with transaction():
        mail = OutgoingMail(message="offer", occasion=match.id, state=state, created_at=EIGHT, due_at=EIGHT)
        mail.account_id, mail.match_id = match.sponsor.account_id, match.id
        mail.sent_at = EIGHT if state is OutgoingState.SENT else None
        session().add(mail)


def test_an_offer_that_nobody_answers_lapses_after_three_weeks_with_one_kind_mail(app: Flask, peer: SmtpPeer) -> None:
    match = offered_match()
    heard_of(match)
    staff = viewer_of(make_coordinator(roles=BOTH))

    schedule(app, EIGHT + 15 * DAY)
    assert offers(MatchState.LAPSED) == []
    for _ in range(2):
        schedule(app, EIGHT + 16 * DAY)

    assert [lapsed.id for lapsed in offers(MatchState.LAPSED)] == [match.id]
    assert list(session().scalars(select(AuditEvent.action))) == ["lapse"]
    assert [mail.message for mail in outbox()][:1] == ["offer_lapsed"] or "offer_lapsed" in {
        m.message for m in outbox()
    }
    assert deliver(app, EIGHT + 16 * DAY) == {"sent": 1}
    with clock.at(EIGHT + 16 * DAY):
        assert [found.id for found in keeping.due(staff).lapsed.items] == [match.id]
    assert fact_sheet(SupportKind.LETTER_WRITER, TODAY).prisoners[0].seats == match.prisoner.letter_writer_seats


def test_whoever_never_heard_of_an_offer_is_told_nothing_of_its_end(app: Flask) -> None:
    offered_match()

    schedule(app, EIGHT + 16 * DAY)

    assert len(offers(MatchState.LAPSED)) == 1
    assert outbox() == []


def test_an_offer_whose_mail_still_waits_to_go_does_not_lapse(app: Flask) -> None:
    heard_of(offered_match(), OutgoingState.WAITING)

    schedule(app, EIGHT + 40 * DAY)

    assert offers(MatchState.LAPSED) == []


def test_m3_no_mail_of_a_lapsed_offer_goes_about_somebody_who_died(app: Flask, peer: SmtpPeer) -> None:
    match = offered_match()
    heard_of(match)
    schedule(app, EIGHT + 16 * DAY)
    change(match.prisoner, died_on=PartialDate(2026, 12, 1), detention_status="died_in_custody")

    assert deliver(app, EIGHT + 16 * DAY) == {"suppressed": 1}


def test_many_offers_lapse_in_one_call(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.actions.offers.AT_ONCE", 2)
    for _ in range(5):
        offered_match()

    schedule(app, EIGHT + 16 * DAY)

    assert len(offers(MatchState.LAPSED)) == 5


@pytest.mark.parametrize("kind", ReminderKind)
def test_every_kind_can_be_refused(app: Flask, kind: ReminderKind) -> None:
    godparent(reminders_off=[kind], mandate_ends=TODAY + 30 * DAY, consented_on=TODAY - 365 * DAY)

    schedule(app)

    assert kind not in kinds()


def test_whoever_waits_for_vetting_is_asked_nothing(app: Flask) -> None:
    make_sponsor(vetting_state=VettingState.PENDING, consented_on=TODAY - 365 * DAY)

    assert schedule(app) == {"queued": 0, "already": 0, "skipped": {"vetting_changed": 1}}
