"""Letters as verbs: sent once, on a day that can be, audited; and what came of them."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta

import pytest
from flask import Flask, current_app
from sqlalchemy import func, select

from app import clock
from app.actions import letters
from app.clock import now, today
from app.database import session
from app.errors import BadInput, InvalidTransition, NotAllowed, NotFound
from app.models import AuditEvent, Letter, Match
from app.permissions import Viewer
from app.queries import letters as letter_queries
from app.queries.accounts import viewer_of
from app.transaction import transaction
from app.transitions import LETTER_MOVES
from app.vocabulary import DetentionStatus, EndReason, LetterState, MailAccess, MatchState, SupportKind
from tests.factories import (
    fresh,
    make_account,
    make_coordinator,
    make_letter,
    make_match,
    make_prisoner,
    make_sponsor,
    writing,
)


@pytest.fixture
def match(app: Flask) -> Match:
    return make_match(state=MatchState.ACTIVE, answered_at=now() - timedelta(days=60))


def writer_of(match: Match) -> Viewer:
    return viewer_of(match.sponsor.account)


def send(match: Match, day: date | None = None, by: Viewer | None = None, **about: str) -> Letter:
    viewer = by or writer_of(match)
    with transaction():
        return letters.record_sent(match_id=match.id, by=viewer, sent_on=day or today(), **about)


def say(letter: Letter, outcome: LetterState, by: Viewer | None = None) -> Letter:
    viewer = by or writer_of(letter.match)
    with transaction():
        return letters.record_outcome(letter_id=letter.id, by=viewer, outcome=outcome)


def audited() -> list[tuple[str, str, list[str]]]:
    rows = session().execute(select(AuditEvent.action, AuditEvent.entity, AuditEvent.fields))
    return [(action, entity, fields) for action, entity, fields in rows]


def count() -> int:
    return session().scalar(select(func.count()).select_from(Letter)) or 0


def test_a_letter_that_went_off_is_recorded_and_audited_without_any_value(match: Match) -> None:
    letter = send(match, template="first", language="be")

    stored = fresh(letter)
    assert (stored.state, stored.sent_on) == (LetterState.SENT, today())
    assert (stored.template, stored.language) == ("first", "be")
    assert audited() == [("letter_sent", "letter", ["sent_on", "state"])]


def test_c4_the_same_form_sent_twice_acts_once(match: Match) -> None:
    first = send(match)

    assert send(match).id == first.id
    assert (count(), len(audited())) == (1, 1)


def test_c4_the_form_sent_twice_at_the_same_moment_acts_once(match: Match) -> None:
    app, match_id, by = current_app._get_current_object(), match.id, writer_of(match)
    session().rollback()

    def press(_time: int) -> str:
        with app.app_context(), transaction():
            return letters.record_sent(match_id=match_id, by=by, sent_on=today()).id

    with ThreadPoolExecutor(4) as threads:
        ids = set(threads.map(press, range(8)))

    assert (len(ids), count(), len(audited())) == (1, 1, 1)


def test_letters_of_other_days_are_other_letters(match: Match) -> None:
    send(match, today() - timedelta(days=20))
    send(match, today())

    assert [letter.sent_on for letter in letter_queries.of_match(writer_of(match), match.id)] == [
        today(),
        today() - timedelta(days=20),
    ]


@pytest.mark.parametrize("begun", [LetterState.DRAFT, LetterState.CHECKED])
def test_a_letter_begun_before_is_the_one_that_goes_off(match: Match, begun: LetterState) -> None:
    letter = make_letter(match=match, state=begun, sent_on=None, template="everyday")

    assert send(match).id == letter.id
    assert (fresh(letter).state, letter.template, count()) == (LetterState.SENT, "everyday", 1)


@pytest.mark.parametrize("template", ["((password_hash))", "../first", "x" * 80])
def test_z6_a_template_or_language_that_does_not_exist_is_not_kept(match: Match, template: str) -> None:
    letter = send(match, template=template, language="xx")

    assert (letter.template, letter.language) == (None, None)


def test_a_letter_cannot_have_gone_off_tomorrow_or_before_the_match_began(match: Match) -> None:
    with pytest.raises(BadInput, match="not come yet"):
        send(match, today() + timedelta(days=1))
    with pytest.raises(BadInput, match="not matched yet"):
        send(match, today() - timedelta(days=61))

    assert count() == 0


@pytest.mark.parametrize(("zone", "hour"), [("Pacific/Auckland", 20), ("America/Los_Angeles", 3)])
def test_today_is_the_day_where_the_sponsor_lives(app: Flask, zone: str, hour: int) -> None:
    moment = datetime(2026, 6, 15, hour, tzinfo=UTC)
    with clock.at(moment):
        match = make_match(sponsor=make_sponsor(account=make_account(time_zone=zone)), state=MatchState.ACTIVE)
        there = letter_queries.today_in(zone)

        assert there != today()
        assert send(match, there).sent_on == there
        with pytest.raises(BadInput):
            send(match, there + timedelta(days=1))


@pytest.mark.parametrize("state", [state for state in MatchState if state is not MatchState.ACTIVE])
def test_z4_only_an_active_match_takes_letters(app: Flask, state: MatchState) -> None:
    match = make_match(state=state)
    letter = make_letter(match=match)

    with pytest.raises(NotFound):
        send(match)
    with pytest.raises(NotFound):
        say(letter, LetterState.NO_WORD)


@pytest.mark.parametrize("status", [DetentionStatus.RELEASED, DetentionStatus.DIED_IN_CUSTODY])
def test_nobody_writes_into_a_prison_to_somebody_who_is_not_there_any_more(match: Match, status: str) -> None:
    with writing():
        match.prisoner.detention_status = DetentionStatus(status)

    with pytest.raises(NotFound):
        send(match)


def test_z2_a_foreign_match_or_letter_is_not_there(match: Match) -> None:
    other = writer_of(make_match(state=MatchState.ACTIVE))
    letter = make_letter(match=match)

    with pytest.raises(NotFound):
        send(match, by=other)
    with pytest.raises(NotFound):
        say(letter, LetterState.NO_WORD, by=other)
    with pytest.raises(NotFound):
        letters.record_outcome(letter_id="no-such-letter", by=other, outcome=LetterState.NO_WORD)


def test_staff_write_no_letters_for_anybody(match: Match) -> None:
    with pytest.raises(NotAllowed):
        send(match, by=viewer_of(make_coordinator()))


def test_a_godparent_may_write_too(app: Flask) -> None:
    match = make_match(state=MatchState.ACTIVE, kind=SupportKind.GODPARENT)

    assert send(match).state is LetterState.SENT


@pytest.mark.parametrize("before", LetterState)
@pytest.mark.parametrize("after", LetterState)
def test_a_letter_moves_as_the_table_says_and_no_other_way(
    match: Match, before: LetterState, after: LetterState
) -> None:
    letter = make_letter(match=match, state=before)
    begun = (LetterState.DRAFT, LetterState.CHECKED)

    if after in LETTER_MOVES[before]:
        assert say(letter, after).state is after
        assert audited() == [("letter_outcome", "letter", ["state"])]
    elif before is after and before not in begun:
        assert say(letter, after).state is before
        assert audited() == []
    else:
        with pytest.raises(InvalidTransition):
            say(letter, after)
        assert fresh(letter).state is before


def test_after_the_match_ended_the_letters_stay_on_record_and_out_of_reach(match: Match) -> None:
    letter = send(match)
    with writing():
        match.state, match.ended_at, match.end_reason = MatchState.ENDED, now(), EndReason.RELEASED

    assert letter_queries.own(writer_of(match), letter.id) is None
    assert letter_queries.latest(writer_of(match), count=5) == []
    assert count() == 1


def _two(**first: object) -> tuple[Match, Match]:
    sponsor = make_sponsor(letters_a_month=1)
    long_ago = {"state": MatchState.ACTIVE, "answered_at": now() - timedelta(days=90)}
    one = make_match(sponsor=sponsor, prisoner=make_prisoner(**first), **long_ago)
    return one, make_match(sponsor=sponsor, **long_ago)


def _following(match: Match) -> letter_queries.NextLetter | None:
    return letter_queries.next_letter(writer_of(match), sponsor=match.sponsor)


def test_whoever_has_had_no_letter_is_next(app: Flask) -> None:
    one, other = _two()
    make_letter(match=one, sent_on=today() - timedelta(days=80))

    assert (_following(one).match.id, _following(one).last_sent_on) == (other.id, None)


def test_then_whoever_has_waited_longest(app: Flask) -> None:
    one, other = _two()
    make_letter(match=one, sent_on=today() - timedelta(days=36))
    make_letter(match=other, sent_on=today() - timedelta(days=50))

    found = _following(one)

    assert (found.match.id, found.due, found.weeks) == (other.id, True, 7)


def test_nothing_is_due_within_the_rhythm_that_the_sponsor_chose(app: Flask) -> None:
    one, other = _two()
    for match in (one, other):
        make_letter(match=match, sent_on=today() - timedelta(days=29))

    assert not _following(one).due


def test_the_rhythm_is_that_of_the_reminders(app: Flask) -> None:
    """Half as fast where only relatives' letters pass often: home does not ask for what no reminder would."""
    one, other = _two(mail_access=MailAccess.RELATIVES_ONLY)
    for match in (one, other):
        make_letter(match=match, sent_on=today() - timedelta(days=40 if match is one else 3))

    assert not _following(one).due


def test_nobody_is_asked_to_post_a_letter_that_no_mail_takes(app: Flask) -> None:
    one, other = _two(mail_access=MailAccess.INCOMMUNICADO)

    assert _following(one).match.id == other.id


def test_whoever_waits_too_long_comes_before_a_letter_that_is_not_due_yet(app: Flask) -> None:
    one, other = _two()
    with writing():
        other.kind = SupportKind.GODPARENT
    make_letter(match=one, sent_on=today() - timedelta(days=3))
    make_letter(match=other, sent_on=today() - timedelta(days=40))

    assert _following(one).match.id == other.id


def test_letter_writing_comes_before_speaking_up_where_both_are_new(app: Flask) -> None:
    one, other = _two()
    with writing():
        one.kind = SupportKind.GODPARENT

    assert _following(one).match.id == other.id
