"""What sponsors steer themselves, as verbs: choices, a pause, leaving, and ending reminders."""

from datetime import date, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from app.actions import matches, preferences
from app.actions.preferences import Preferences
from app.clock import now, today
from app.database import session
from app.errors import BadInput, CapacityExceeded, Conflict, NotAllowed, NotEligible, StaleRecord
from app.mail import outbox
from app.models import AuditEvent, Match, OutgoingMail, Sponsor
from app.permissions import Viewer
from app.queries import matches as match_queries
from app.queries.accounts import viewer_of
from app.reminder_words import ReminderKind
from app.transaction import transaction
from app.vocabulary import LIVE_STATES, EndReason, MatchState, OutgoingState, StaffRole
from tests.factories import fresh, make_account, make_coordinator, make_match, make_office, make_prisoner, make_sponsor
from tests.factories.accounts import make_administrator

DAY = timedelta(days=1)
OTHERS = frozenset(ReminderKind) - {ReminderKind.LETTER_DUE}


def chosen(**changes: Any) -> Preferences:
    values = {
        "letters_a_month": 1,
        "idea_weeks": 4,
        "capacity": 2,
        "available_until": None,
        "quiet_days": frozenset({5, 6}),
        "reminders": OTHERS,
    }
    return Preferences(**values | changes)


def choose(sponsor: Sponsor, *, seen: int | None = None, **changes: Any) -> Sponsor:
    version = fresh(sponsor).version if seen is None else seen
    with transaction():
        return preferences.choose(chosen(**changes), by=own(sponsor), seen_version=version)


def own(sponsor: Sponsor) -> Viewer:
    return viewer_of(sponsor.account)


def pause(sponsor: Sponsor, resumes_on: date | None = None) -> None:
    by = own(sponsor)
    with transaction():
        preferences.pause(by=by, resumes_on=resumes_on)


def leave(sponsor: Sponsor) -> None:
    by = own(sponsor)
    with transaction():
        preferences.leave(by=by)


def audited() -> list[tuple[str, str]]:
    return [(event.action, event.entity) for event in session().scalars(select(AuditEvent).order_by(AuditEvent.number))]


def queue(match: Match, message: outbox.Message) -> str:
    with transaction():
        mail = outbox.enqueue(
            message=message, occasion=f"{message}:{match.id}", account_id=match.sponsor.account_id, match_id=match.id
        )
        assert mail is not None
        return mail.id


def test_what_was_chosen_is_kept_and_the_trail_names_the_fields(app: Flask) -> None:
    sponsor = make_sponsor(capacity=3, letters_a_month=2)

    choose(sponsor, available_until=today() + 90 * DAY)

    stored = fresh(sponsor)
    assert (stored.letters_a_month, stored.capacity, stored.available_until) == (1, 2, today() + 90 * DAY)
    assert (stored.quiet_days, stored.reminders_off, stored.no_reminders) == ([5, 6], ["letter_due"], False)
    event = session().scalars(select(AuditEvent)).one()
    assert event.action == "choose"
    assert event.fields == ["available_until", "capacity", "letters_a_month", "quiet_days", "reminders_off"]


def test_the_same_choice_twice_is_written_once(app: Flask) -> None:
    sponsor = make_sponsor()

    for _ in range(2):
        choose(sponsor)

    assert [action for action, _ in audited()] == ["choose"]


def test_whoever_wants_no_reminder_wants_none_that_is_thought_of_later(app: Flask) -> None:
    sponsor = make_sponsor()

    choose(sponsor, reminders=frozenset())
    assert fresh(sponsor).no_reminders

    choose(sponsor, reminders=frozenset({ReminderKind.LETTER_DUE}))
    assert (fresh(sponsor).no_reminders, sponsor.reminders_off) == (False, sorted(OTHERS))


def test_c4_a_choice_on_a_page_that_has_grown_old_is_refused(app: Flask) -> None:
    sponsor = make_sponsor()
    seen = sponsor.version
    choose(sponsor)

    with pytest.raises(StaleRecord):
        choose(sponsor, seen=seen, capacity=7)
    assert fresh(sponsor).capacity == 2


@pytest.mark.parametrize("state", sorted(LIVE_STATES))
def test_nobody_takes_on_fewer_than_they_carry_and_the_way_out_is_named(app: Flask, state: MatchState) -> None:
    sponsor = make_sponsor(capacity=3)
    for _ in range(2):
        make_match(sponsor=sponsor, state=state)
    make_match(sponsor=sponsor)

    with pytest.raises(CapacityExceeded, match=r"stand by 2 people.*take a pause, or ask your coordinator"):
        choose(sponsor, capacity=1)
    choose(sponsor, capacity=2)

    assert fresh(sponsor).capacity == 2


def test_whoever_carries_more_than_they_offered_may_choose_everything_else(app: Flask) -> None:
    sponsor = make_sponsor(capacity=3)
    for _ in range(3):
        make_match(sponsor=sponsor, state=MatchState.ACTIVE)
    with transaction():
        session().get_one(Sponsor, sponsor.id).capacity = 1

    choose(sponsor, capacity=1, letters_a_month=4)

    assert fresh(sponsor).letters_a_month == 4


@pytest.mark.parametrize(
    "changes",
    [
        {"letters_a_month": -1},
        {"letters_a_month": 32},
        {"capacity": 0},
        {"capacity": 11},
        {"quiet_days": frozenset(range(6))},
        {"quiet_days": frozenset({7})},
        {"available_until": date(2020, 1, 1)},
    ],
)
def test_what_cannot_be_is_refused(app: Flask, changes: dict[str, Any]) -> None:
    sponsor = make_sponsor()

    with pytest.raises(BadInput):
        choose(sponsor, **changes)
    assert audited() == []


def test_a_last_day_that_has_passed_does_not_bar_other_choices(app: Flask) -> None:
    sponsor = make_sponsor(available_until=date(2024, 1, 1))

    choose(sponsor, available_until=date(2024, 1, 1))

    assert fresh(sponsor).letters_a_month == 1


@pytest.mark.parametrize("verb", ["choose", "pause", "end_pause", "leave"])
def test_only_sponsors_with_a_confirmed_address_choose(app: Flask, verb: str) -> None:
    arguments: dict[str, dict[str, Any]] = {"pause": {"resumes_on": None}, "choose": {"seen_version": 1}}
    given = [chosen()] if verb == "choose" else []
    unconfirmed = make_sponsor(account=make_account(email_confirmed_at=None)).account
    for by in (viewer_of(unconfirmed), viewer_of(make_administrator()), viewer_of(make_coordinator())):
        with pytest.raises(NotAllowed), transaction():
            getattr(preferences, verb)(*given, by=by, **arguments.get(verb, {}))


def test_a_pause_keeps_live_matches_and_gives_offers_and_proposals_back(app: Flask) -> None:
    sponsor = make_sponsor(capacity=5)
    states = (MatchState.ACTIVE, MatchState.APPROVED, MatchState.PROPOSED)
    live, offer, proposal = (make_match(sponsor=sponsor, state=state) for state in states)
    mail = queue(offer, outbox.Message.OFFER)

    pause(sponsor, today() + 14 * DAY)

    after = [fresh(match).state for match in (live, offer, proposal)]
    assert after == [MatchState.ACTIVE, MatchState.WITHDRAWN, MatchState.WITHDRAWN]
    assert session().get_one(OutgoingMail, mail).state is OutgoingState.SUPPRESSED
    assert fresh(sponsor).paused_by == sponsor.account_id
    assert audited() == [("pause", "sponsor"), ("let_go", "match"), ("let_go", "match")]


def test_c3_nobody_is_offered_to_whoever_takes_a_pause_until_it_ends_by_itself(app: Flask) -> None:
    sponsor = make_sponsor()
    pause(sponsor, today() + 2 * DAY)  # where they live it may be tomorrow already
    match = make_match(sponsor=sponsor)
    by = viewer_of(make_coordinator(roles=list(StaffRole)))

    with pytest.raises(NotEligible) as refused, transaction():
        matches.approve(match_id=match.id, by=by, seen_version=match.version)
    assert refused.value.rule == "not_available"

    with transaction():
        session().get_one(Sponsor, sponsor.id).resumes_on = today()
    with transaction():
        matches.approve(match_id=match.id, by=by, seen_version=match.version)
    assert fresh(match).state is MatchState.APPROVED


def test_whoever_takes_a_pause_may_change_its_end_and_end_it(app: Flask) -> None:
    sponsor = make_sponsor()
    pause(sponsor, today() + 9 * DAY)
    began = fresh(sponsor).paused_at

    pause(sponsor)
    assert (fresh(sponsor).paused_at, sponsor.resumes_on) == (began, None)
    assert sponsor.takes_pause(today() + 1000 * DAY)

    by = own(sponsor)
    for _ in range(2):
        with transaction():
            preferences.end_pause(by=by)
    assert (fresh(sponsor).paused_at, sponsor.paused_by, sponsor.resumes_on) == (None, None, None)
    assert [action for action, _ in audited()] == ["pause", "pause", "end_pause"]


def test_a_pause_that_ended_by_itself_is_followed_by_a_new_one(app: Flask) -> None:
    sponsor = make_sponsor(paused_at=now() - 90 * DAY, paused_by=make_office().id, resumes_on=today() - 60 * DAY)
    assert not sponsor.takes_pause(today())

    pause(sponsor)

    assert fresh(sponsor).paused_at > now() - DAY
    assert sponsor.paused_by == sponsor.account_id


@pytest.mark.parametrize("days", [-1, 0])
def test_a_pause_does_not_end_before_it_begins(app: Flask, days: int) -> None:
    sponsor = make_sponsor(account=make_account(time_zone="UTC"))

    with pytest.raises(BadInput):
        pause(sponsor, today() + days * DAY)
    assert fresh(sponsor).paused_at is None


def test_z4_leaving_hands_everybody_back_stops_every_mail_and_closes_the_log_in(app: Flask) -> None:
    sponsor = make_sponsor(capacity=5)
    states = (MatchState.ACTIVE, MatchState.PAUSED, MatchState.APPROVED, MatchState.PROPOSED, MatchState.REFUSED)
    mine = [make_match(sponsor=sponsor, state=state) for state in states]
    elsewhere = make_match(prisoner=mine[0].prisoner, state=MatchState.ACTIVE)
    mails = [queue(mine[0], outbox.Message.LETTER_DUE), queue(mine[2], outbox.Message.OFFER)]
    with transaction():
        welcome = outbox.enqueue(message=outbox.Message.SPONSOR_VETTED, occasion="w", account_id=sponsor.account_id)
        mails.append(welcome.id if welcome else "")
    untouched = queue(elsewhere, outbox.Message.LETTER_DUE)

    leave(sponsor)

    ended = (MatchState.ENDED, EndReason.SPONSOR_LEFT)
    withdrawn = (MatchState.WITHDRAWN, None)
    after = [(fresh(match).state, match.end_reason) for match in mine]
    assert after == [ended, ended, withdrawn, withdrawn, (MatchState.REFUSED, None)]
    assert match_queries.carried_by(sponsor.id) == 0
    assert fresh(sponsor.account).disabled_at is not None
    found = {mail.id: (mail.state, mail.reason) for mail in session().scalars(select(OutgoingMail))}
    assert [found[mail] for mail in mails][2] == (OutgoingState.SUPPRESSED, "sponsor_left")
    assert {found[mail][0] for mail in mails} == {OutgoingState.SUPPRESSED}
    assert found[untouched][0] is OutgoingState.QUEUED
    assert fresh(elsewhere).state is MatchState.ACTIVE
    assert audited()[:2] == [("leave", "sponsor"), ("disable", "account")]


def test_the_seat_of_whoever_left_can_be_taken_at_once(app: Flask) -> None:
    prisoner = make_prisoner(letter_writer_seats=1)
    leaving = make_match(prisoner=prisoner, state=MatchState.ACTIVE).sponsor
    proposal = make_match(prisoner=prisoner)
    by = viewer_of(make_coordinator(roles=list(StaffRole)))

    leave(leaving)
    with transaction():
        matches.approve(match_id=proposal.id, by=by, seen_version=fresh(proposal).version)

    assert fresh(proposal).state is MatchState.APPROVED


def test_c3_whoever_has_left_is_offered_nobody(app: Flask) -> None:
    sponsor = make_sponsor()
    leave(sponsor)
    late = make_match(sponsor=sponsor)
    by = viewer_of(make_coordinator(roles=list(StaffRole)))

    with pytest.raises(NotEligible), transaction():
        matches.approve(match_id=late.id, by=by, seen_version=late.version)


def test_z7_staff_do_not_lock_themselves_out_by_leaving(app: Flask) -> None:
    sponsor = make_sponsor(account=make_coordinator())

    with pytest.raises(Conflict):
        leave(sponsor)
    assert fresh(sponsor.account).disabled_at is None


def unsubscribe(account_id: str, *, from_all: bool = False) -> None:
    with transaction():
        preferences.unsubscribe(account_id, [ReminderKind.LETTER_DUE], from_all=from_all)


def test_m6_unsubscribing_ends_one_kind_or_all_once_and_for_a_closed_account_too(app: Flask) -> None:
    sponsor = make_sponsor(account=make_account(disabled_at=now()), reminders_off=["birthday_ahead"])

    for _ in range(2):
        unsubscribe(sponsor.account_id)
    assert (fresh(sponsor).reminders_off, sponsor.no_reminders) == (["birthday_ahead", "letter_due"], False)

    unsubscribe(sponsor.account_id, from_all=True)
    assert fresh(sponsor).no_reminders
    assert [action for action, _ in audited()] == ["unsubscribe", "unsubscribe"]


def test_m6_unsubscribing_somebody_who_is_gone_changes_nothing(app: Flask) -> None:
    unsubscribe("aaaaaaaaaaaaaaaa", from_all=True)

    assert session().scalar(select(func.count()).select_from(AuditEvent)) == 0
