"""The seeded world: everything the desk can show is in it, and it is as the actions would have left it."""

from collections import Counter, defaultdict
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Row, func, select

from app import passwords
from app.database import session
from app.demo.countries import COUNTRIES
from app.models import (
    Account,
    AuditEvent,
    Conflict,
    LoginSession,
    Match,
    MatchingRun,
    Office,
    OutgoingMail,
    Prisoner,
    Sponsor,
)
from app.permissions import EVERYWHERE
from app.queries.accounts import by_email
from app.queries.officials import domain_for
from app.vocabulary import (
    LIVE_STATES,
    DetentionStatus,
    EndReason,
    MatchState,
    OutgoingState,
    Publicity,
    SponsorRole,
    StaffRole,
    SupportKind,
    VettingState,
)
from tests.database.cli.runner import run
from tests.database.demo.conftest import World

pytestmark = pytest.mark.slow


def _found(column: Any) -> set[Any]:
    return set(session().scalars(select(column).distinct()))


def _matches_with_people() -> list[Row[Any]]:
    query = select(Match, Prisoner, Sponsor, Account).join(Match.prisoner).join(Match.sponsor)
    return list(session().execute(query.join(Account, Sponsor.account_id == Account.id)))


def test_there_are_matches_in_every_state_and_sponsors_of_every_kind(world: World) -> None:
    assert _found(Match.state) == set(MatchState)
    assert _found(Sponsor.vetting_state) == set(VettingState)
    assert _found(Sponsor.role) == set(SponsorRole)
    assert _found(Sponsor.support_kind) == set(SupportKind)
    assert _found(Sponsor.country) <= {country.code for country in COUNTRIES}
    assert len(COUNTRIES) == 20
    assert _found(Prisoner.publicity) == set(Publicity)
    assert {EndReason.RELEASED, EndReason.DIED, EndReason.COORDINATOR} <= _found(Match.end_reason)
    assert session().scalar(select(func.count()).where(Account.email_confirmed_at.is_(None)))
    assert session().scalar(select(func.count()).where(Sponsor.paused_at.is_not(None)))
    assert session().scalar(select(func.count()).select_from(Conflict))


def test_the_audit_trail_is_whole_and_in_the_order_of_time(world: World) -> None:
    verified = run(world.app, "audit", "verify")
    moments = list(session().scalars(select(AuditEvent.at).order_by(AuditEvent.number)))

    assert (verified.exit_code, verified.stdout) == (0, f"{len(moments)} events, unbroken.\n")
    assert moments == sorted(moments)


def test_seats_and_capacity_are_kept(world: World) -> None:
    carried, beside = Counter[str](), Counter[tuple[str, SupportKind]]()
    people = _matches_with_people()
    for match, *_ in people:
        if match.state in LIVE_STATES:
            carried[match.sponsor_id] += 1
            beside[match.prisoner_id, match.kind] += 1

    assert carried
    assert all(carried[sponsor.id] <= sponsor.capacity for _, _, sponsor, _ in people)
    assert all(beside[prisoner.id, match.kind] <= prisoner.seats(match.kind) for match, prisoner, _, _ in people)


def test_every_match_keeps_the_order_of_its_own_history(world: World) -> None:
    for match, prisoner, sponsor, account in _matches_with_people():
        moments = [
            sponsor.created_at, account.email_confirmed_at, sponsor.vetted_at, match.proposed_at, match.decided_at,
            match.answered_at, match.ended_at,
        ]  # fmt: skip
        known = [moment for moment in moments if moment is not None]
        assert known == sorted(known)
        assert known[-1] <= world.began_at + timedelta(minutes=5)
        assert prisoner.created_at < match.proposed_at
        assert (match.kind, sponsor.vetting_state) == (sponsor.support_kind, VettingState.VETTED)


def test_a_match_is_decided_by_a_coordinator_of_the_sponsors_region(world: World) -> None:
    deciders = {account.id: account for account in session().scalars(select(Account)) if account.staff_roles}

    for match, _, sponsor, _ in _matches_with_people():
        if match.decided_by is not None:
            assert sponsor.country in deciders[match.decided_by].region_codes


def test_nobody_who_left_has_a_match_that_lives_on(world: World) -> None:
    gone = {DetentionStatus.RELEASED, DetentionStatus.DIED_IN_CUSTODY}
    states = {match.state for match, prisoner, *_ in _matches_with_people() if prisoner.detention_status in gone}

    assert MatchState.ENDED in states
    assert not states & {*LIVE_STATES, MatchState.PROPOSED}


def test_proposals_come_from_runs_that_were_kept_with_a_certificate(world: World) -> None:
    runs = list(session().scalars(select(MatchingRun)))

    assert {run.kind for run in runs} == set(SupportKind)
    assert all(run.certificate["seats"] is not None for run in runs)
    assert {match.run_id for match, *_ in _matches_with_people()} <= {run.id for run in runs}


def test_publicity_has_a_basis_and_children_are_never_public(world: World) -> None:
    years = timedelta(days=18 * 365.25)
    minors = []
    for prisoner in session().scalars(select(Prisoner)):
        assert (prisoner.publicity is Publicity.COORDINATORS_ONLY) == (prisoner.publicity_basis is None)
        born = prisoner.birth_date.whole if prisoner.birth_date else None
        if born and world.began_at.date() - born < years:
            minors.append(prisoner.publicity)

    assert minors
    assert Publicity.PUBLIC not in minors


def test_everybody_on_the_list_can_log_in_with_the_one_password(world: World) -> None:
    hashes = {account.password_hash for account in session().scalars(select(Account))}
    [stored] = hashes

    for login in world.said["logins"]:
        account = by_email(login["email"])
        assert account is not None
        assert account.email_confirmed_at is not None
        assert passwords.matches(stored, login["password"])
    assert session().scalar(select(func.count()).select_from(LoginSession)) == 0


def test_the_sponsors_on_the_list_have_matches_an_offer_or_wait(world: World) -> None:
    states: dict[str, set[MatchState]] = defaultdict(set)
    for match, _, _, account in _matches_with_people():
        states[account.email].add(match.state)
    emails = [login["email"] for login in world.said["logins"] if login["role"] == "sponsor"]

    assert all(MatchState.ACTIVE in states[email] for email in emails[:5])
    assert MatchState.APPROVED in states["artist.offer@example.org"]
    assert states["volunteer.waiting@example.org"] == set()


def test_an_office_acts_for_the_member_of_parliament_and_one_domain_vets_by_itself(world: World) -> None:
    member, office = by_email("parliament.west@example.org"), by_email("office.west@example.org")
    assert member is not None
    assert office is not None
    acts_for = session().scalars(select(Office).where(Office.account_id == office.id)).one()
    own = domain_for("zuzanna.beispiel@members.example.org")

    assert (acts_for.sponsor.account_id, acts_for.invited) == (member.id, None)
    assert acts_for.joined_at is not None
    assert world.began_at > acts_for.joined_at > acts_for.invited_at
    assert own is not None
    assert own.members_by == by_email("administrator@example.org").id  # type: ignore[union-attr]


def test_the_coordinators_share_the_countries_and_one_has_a_caseload_only(world: World) -> None:
    west, east, few = (by_email(f"coordinator.{name}@example.org") for name in ("west", "east", "caseload"))
    assert west
    assert east
    assert few

    both = {StaffRole.COORDINATOR, StaffRole.PROGRAMME}
    assert (west.staff_roles, east.staff_roles, few.staff_roles) == (both, both, {StaffRole.COORDINATOR})
    assert west.region_codes.isdisjoint(east.region_codes)
    assert west.region_codes | east.region_codes == {country.code for country in COUNTRIES}
    assert few.region_codes == {EVERYWHERE}


def test_of_the_outbox_only_what_is_fresh_is_still_to_go(world: World) -> None:
    mails = list(session().scalars(select(OutgoingMail)))
    to_go = [mail for mail in mails if mail.state in (OutgoingState.QUEUED, OutgoingState.WAITING)]

    assert {mail.state for mail in mails} >= {
        OutgoingState.SENT, OutgoingState.QUEUED, OutgoingState.FAILED, OutgoingState.IN_DOUBT, OutgoingState.WAITING
    }  # fmt: skip
    assert len(to_go) < 8
    assert all(mail.due_at > world.began_at - timedelta(minutes=2) for mail in to_go)


def test_every_address_is_one_that_nobody_can_have(world: World) -> None:
    domains = {one.email.rpartition("@")[2] for one in session().scalars(select(Account))}

    assert domains == {"example.org", "example.net"}


def test_facilities_are_numbered_beyond_the_real_ones(world: World) -> None:
    facilities = {prisoner.facility for prisoner in session().scalars(select(Prisoner)) if prisoner.facility}

    assert {facility.country for facility in facilities} == {"BY"}
    assert min(int(facility.number or 0) for facility in facilities) > 70
    assert all(facility.street and facility.street_cyrillic and facility.postcode for facility in facilities)
