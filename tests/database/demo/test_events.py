"""What happened in the seeded world: recorded with its source, and followed by all that follows from a real event."""

from collections import Counter, defaultdict
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from app.actions.consequences import columns_after, field_of, status_after
from app.database import session
from app.demo import logins
from app.demo.events import FIRST_FEW
from app.demo.history import Calendar
from app.demo.people import InventedPrisoner
from app.demo.prisoners import invent_prisoner
from app.mail import occasions
from app.mail.outbox import Message
from app.models import Account, AuditEvent, FieldSource, Letter, Match, OutgoingMail, Prisoner, PrisonerEvent
from app.partial_date import PartialDate
from app.queries.accounts import by_email, viewer_of
from app.queries.events import NEWS_DAYS, ended_lately, prisoner_in_scope
from app.vocabulary import NO_LONGER_HELD, DetentionStatus, EndReason, EventType, MatchState, OutgoingState
from tests.database.demo.conftest import World

CALENDAR = Calendar(datetime(2026, 11, 22, 9, tzinfo=UTC))
ENDINGS = {EventType.RELEASE: EndReason.RELEASED, EventType.DEATH: EndReason.DIED}
LATELY = CALENDAR.now - timedelta(days=NEWS_DAYS)

in_the_database = pytest.mark.slow


def _invented(count: int, seed: int = 1) -> list[InventedPrisoner]:
    return [invent_prisoner(number, seed=seed, calendar=CALENDAR) for number in range(count)]


def _by_prisoner() -> dict[str, list[PrisonerEvent]]:
    found = defaultdict(list)
    for event in session().scalars(select(PrisonerEvent).order_by(PrisonerEvent.recorded_at)):
        found[event.prisoner_id].append(event)
    return found


def _notices() -> dict[str, OutgoingMail]:
    kinds = ("released", "condolence", "moved", "in_transfer", "returned", "offer_withdrawn")
    return {mail.occasion: mail for mail in session().scalars(select(OutgoingMail)) if mail.message in kinds}


@pytest.mark.parametrize("seed", [1, 2, 7])
def test_even_the_smallest_world_has_one_of_each_lately(seed: int) -> None:
    lately = {event.type for person in _invented(FIRST_FEW, seed) for event in person.events if event.at > LATELY}

    assert lately >= set(EventType)


def test_a_large_one_has_them_in_every_month_of_the_last_eight() -> None:
    months = defaultdict(set)
    for person in _invented(1_400):
        for event in person.events:
            months[event.type].add((CALENDAR.now - event.at) // timedelta(days=30.5))

    assert all(months[kind] >= set(range(8)) for kind in (EventType.RELEASE, EventType.TRANSFER))
    assert all(len(months[kind]) >= 4 for kind in (EventType.DEATH, EventType.RETURN))


def test_events_follow_one_another_as_the_real_ones_may() -> None:
    for person in _invented(1_400):
        status = person.custody.detention_status
        known = [event.at for event in person.events]
        days = [person.arrested_on.whole, *(event.happened_on for event in person.events)]
        assert (known, days) == (sorted(known), sorted(days))
        for event in person.events:
            assert event.happened_on <= event.at.date() <= CALENDAR.now.date()
            assert event.at > CALENDAR.entries[person.entry]
            assert status is not DetentionStatus.DIED_IN_CUSTODY
            assert (status is DetentionStatus.RELEASED) == (event.type is EventType.RETURN)
            status = event.status


@in_the_database
def test_a_record_stands_as_its_last_event_says_and_names_its_source(world: World) -> None:
    sources = {(row.prisoner_id, row.field): (row.source, row.as_of) for row in session().scalars(select(FieldSource))}

    for prisoner_id, events in _by_prisoner().items():
        prisoner, last = session().get_one(Prisoner, prisoner_id), events[-1]
        status = status_after(
            last.type,
            before=DetentionStatus.CONVICTED,
            place=last.facility.kind if last.facility else None,
            sentenced=prisoner.sentence is not None,
        )
        day = PartialDate.of(last.happened_on)
        said = columns_after(last.type, day, status=status, facility_id=last.facility_id)
        assert {column: getattr(prisoner, column) for column in said} == said
        place_or_status = field_of("facility_id") if last.type is EventType.TRANSFER else "detention_status"
        assert sources[prisoner_id, place_or_status] == (last.source, last.happened_on)


@in_the_database
def test_nobody_has_left_without_an_event(world: World) -> None:
    gone = set(session().scalars(select(Prisoner.id).where(Prisoner.detention_status.in_(NO_LONGER_HELD))))

    assert gone
    assert gone == {key for key, events in _by_prisoner().items() if events[-1].type in ENDINGS}


@in_the_database
def test_every_event_is_signed_by_somebody_who_may_and_stands_in_the_audit_trail(world: World) -> None:
    trail = {
        (event.entity_id, event.action, event.at, event.by_account_id)
        for event in session().scalars(select(AuditEvent).where(AuditEvent.action.startswith("record_")))
    }
    recorded = [event for events in _by_prisoner().values() for event in events]

    assert trail == {(e.prisoner_id, f"record_{e.type}", e.recorded_at, e.recorded_by) for e in recorded}
    for event in recorded:
        viewer = viewer_of(session().get_one(Account, event.recorded_by))
        assert prisoner_in_scope(viewer, event.prisoner_id) is not None


@in_the_database
def test_a_match_ends_with_the_event_and_its_sponsor_was_told(world: World) -> None:
    events, notices, ended = _by_prisoner(), _notices(), 0
    for match in session().scalars(select(Match).where(Match.end_reason.in_(ENDINGS.values()))):
        last = [event for event in events[match.prisoner_id] if event.type in ENDINGS][-1]
        message = Message.RELEASED if last.type is EventType.RELEASE else Message.CONDOLENCE
        mail = notices[occasions.notice(message, match.id, happening_id=last.id)]
        assert (match.state, match.ended_at) == (MatchState.ENDED, last.recorded_at)
        assert match.end_reason is ENDINGS[last.type]
        assert (mail.account_id, mail.created_at) == (match.sponsor.account_id, last.recorded_at)
        ended += 1

    assert ended


@in_the_database
def test_every_notice_went_within_a_minute_and_is_of_an_event(world: World) -> None:
    recorded = {event.id: event for events in _by_prisoner().values() for event in events}
    notices = _notices().values()

    assert {mail.message for mail in notices} >= {"released", "condolence", "moved", "in_transfer", "returned"}
    for mail in notices:
        event = recorded[mail.occasion.rpartition(":")[2]]
        assert (mail.state, mail.reason, mail.attempts) == (OutgoingState.SENT, None, 1)
        assert mail.sent_at is not None
        assert event.recorded_at == mail.created_at < mail.sent_at < event.recorded_at + timedelta(minutes=1)


@in_the_database
def test_who_stands_by_somebody_that_was_moved_was_told_each_time(world: World) -> None:
    transfers = [event for events in _by_prisoner().values() for event in events if event.type is EventType.TRANSFER]
    told = set(_notices())

    for event in transfers:
        message = Message.MOVED if event.facility_id else Message.IN_TRANSFER
        for match in session().scalars(select(Match).where(Match.prisoner_id == event.prisoner_id)):
            lasted = match.ended_at is None or match.ended_at > event.recorded_at
            stood = match.state in (MatchState.ACTIVE, MatchState.PAUSED, MatchState.ENDED) and lasted
            expected = stood and match.answered_at is not None and match.answered_at < event.recorded_at
            assert (occasions.notice(message, match.id, happening_id=event.id) in told) == expected


@in_the_database
def test_a_match_that_goes_on_has_no_trace_of_an_end_but_in_the_trail(world: World) -> None:
    trail = select(AuditEvent.entity_id, AuditEvent.action).where(AuditEvent.entity == "match")
    said = defaultdict(list)
    for match_id, action in session().execute(trail.order_by(AuditEvent.number)):
        said[match_id].append(action)
    again = [match_id for match_id, verbs in said.items() if "begin_again" in verbs]

    assert again
    for match in session().scalars(select(Match).where(Match.id.in_(again))):
        assert (match.state in (MatchState.ACTIVE, MatchState.PAUSED)) == (match.ended_at is None)
        assert said[match.id].index("end") < said[match.id].index("begin_again")


@in_the_database
def test_no_letter_went_to_somebody_who_was_free_dead_or_on_the_way(world: World) -> None:
    events = _by_prisoner()
    letters = session().execute(select(Letter.sent_on, Match.prisoner_id).join(Letter.match)).all()
    seen = Counter[bool]()
    for sent_on, prisoner_id in letters:
        before = [event for event in events[prisoner_id] if event.recorded_at.date() <= sent_on]
        seen[bool(before)] += 1
        assert not before or before[-1].facility_id is not None

    assert all(seen[moved] for moved in (True, False))


@in_the_database
def test_whoever_saw_the_newest_release_can_be_tried_and_has_the_news(world: World) -> None:
    account = by_email(logins.AFTER_RELEASE)
    assert account is not None
    [match, *_] = ended_lately(viewer_of(account))
    newest = select(Match.ended_at).where(Match.end_reason == EndReason.RELEASED, Match.state == MatchState.ENDED)

    assert match.end_reason is EndReason.RELEASED
    assert match.ended_at == max(filter(None, session().scalars(newest)))
