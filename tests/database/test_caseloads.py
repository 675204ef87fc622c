"""Taking prisoners back from a caseload: by administrators who do not see them, or one by one (A6, Z5, Z8)."""

import pytest
from flask import Flask
from sqlalchemy import select

from app.actions import caseloads, family_contacts
from app.actions.caseloads import Held, Whom
from app.clock import now
from app.contact_words import OpeningReason
from app.database import session
from app.errors import BadInput, HasDuties, NotAllowed, NotFound
from app.mail.outbox import Message
from app.models import Account, AuditEvent, Caseload, OutgoingMail, Prisoner
from app.permissions import Viewer
from app.queries import caseloads as queries
from app.queries.accounts import viewer_of, viewer_of_session
from app.queries.caseloads import Leaving, held
from app.transaction import transaction
from app.vocabulary import MatchState, StaffRole
from tests.factories import (
    fresh,
    make_administrator,
    make_canary,
    make_contact,
    make_coordinator,
    make_facility,
    make_login,
    make_match,
    make_prisoner,
)

COORDINATOR, PROGRAMME = StaffRole.COORDINATOR, StaffRole.PROGRAMME
BELARUS = Held(country="BY", facility_id=None)


@pytest.fixture
def boss(app: Flask) -> Viewer:
    """An administrator."""
    return viewer_of(make_administrator())


def take(account: Account, *, by: Viewer, whom: Held = BELARUS) -> int:
    with transaction():
        return caseloads.take(account_id=account.id, whom=whom, by=by)


def take_one(account: Account, prisoner: Prisoner, *, by: Viewer) -> None:
    with transaction():
        caseloads.take_one(prisoner_id=prisoner.id, account_id=account.id, by=by)


def caseload_of(account: Account) -> set[str]:
    session().rollback()
    return set(session().scalars(select(Caseload.prisoner_id).where(Caseload.account_id == account.id)))


def runner() -> Viewer:
    """Somebody who sees every record and may give and take it."""
    return viewer_of(make_coordinator(roles=[COORDINATOR, PROGRAMME]))


def test_a6_who_is_taken_back_is_out_of_the_caseload_with_every_session(boss: Viewer) -> None:
    here, there = make_prisoner(country="BY"), make_prisoner(country="RU")
    account, colleague = make_coordinator(caseload=[here, there]), make_coordinator(caseload=[here])
    token = make_login(account)

    assert take(account, by=boss) == 1

    assert (caseload_of(account), caseload_of(colleague)) == ({there.id}, {here.id})
    assert viewer_of_session(token) is None
    assert session().scalars(select(OutgoingMail.message)).all() == [Message.ACCESS_CHANGED]
    trail = session().execute(select(AuditEvent.action, AuditEvent.entity_id, AuditEvent.fields)).all()
    assert sorted(trail) == sorted(("take_caseload", each, ["caseload"]) for each in (here.id, account.id))


def test_prisoners_are_taken_by_facility_and_nobody_twice(boss: Viewer) -> None:
    facility = make_facility()
    inside, outside = make_prisoner(facility_id=facility.id), make_prisoner()
    account = make_coordinator(caseload=[inside, outside])
    whom = Held(country=None, facility_id=facility.id)

    assert [take(account, by=boss, whom=whom) for _ in range(2)] == [1, 0]

    assert caseload_of(account) == {outside.id}
    assert len(session().scalars(select(OutgoingMail.id)).all()) == 1


@pytest.mark.parametrize("state", [MatchState.APPROVED, MatchState.ACTIVE, MatchState.PAUSED])
def test_whoever_is_in_a_match_is_not_left_to_nobody(boss: Viewer, state: MatchState) -> None:
    matched, alone = make_prisoner(country="BY"), make_prisoner(country="BY")
    make_match(prisoner=matched, state=state)
    account = make_coordinator(caseload=[matched, alone])
    make_coordinator(caseload=[matched], disabled_at=now())
    make_coordinator(caseload=[matched], roles=[PROGRAMME])

    with pytest.raises(HasDuties):
        take(account, by=boss)
    with pytest.raises(HasDuties):
        take_one(account, matched, by=runner())
    assert caseload_of(account) == {matched.id, alone.id}

    make_coordinator(caseload=[matched])
    assert take(account, by=boss) == 2


def test_an_administrator_learns_beforehand_how_many_leave_and_whom_nobody_looks_after_then(boss: Viewer) -> None:
    matched, alone, shared = (make_prisoner(country="BY") for _ in range(3))
    make_match(prisoner=matched, state=MatchState.ACTIVE)
    make_match(prisoner=shared, state=MatchState.ACTIVE)
    make_match(prisoner=alone, state=MatchState.ENDED)
    account = make_coordinator(caseload=[matched, alone, shared, make_prisoner(country="RU")])
    make_coordinator(caseload=[shared])

    found = queries.leaving(account.id, held(country="BY", facility_id=None))

    assert found == Leaving(prisoners=3, left_alone=2, matched=1)


def test_z5_z7_nobody_takes_from_themselves_or_without_being_appointed_to_it(boss: Viewer) -> None:
    prisoner = make_prisoner(country="BY")
    account, stranger = make_coordinator(caseload=[prisoner]), viewer_of(make_coordinator())

    for by in (stranger, viewer_of(account), runner()):
        with pytest.raises(NotAllowed):
            take(account, by=by)
    for by, refused in ((stranger, NotAllowed), (boss, NotFound)):
        with pytest.raises(refused):
            take_one(account, prisoner, by=by)
    everything = viewer_of(make_coordinator(roles=StaffRole, caseload=[prisoner]))
    with pytest.raises(NotAllowed), transaction():
        caseloads.take_one(prisoner_id=prisoner.id, account_id=everything.account_id, by=everything)
    with pytest.raises(BadInput):
        take(account, by=boss, whom=Held(country=None, facility_id=None))

    assert caseload_of(account) == {prisoner.id}


def test_z5_whoever_lost_a_prisoner_opens_no_contact_of_the_family(app: Flask) -> None:
    contact = make_contact()
    prisoner = session().get_one(Prisoner, contact.prisoner_id)
    account = make_coordinator(roles=[COORDINATOR, PROGRAMME], caseload=[prisoner])

    take_one(account, prisoner, by=runner())

    with pytest.raises(NotFound), transaction():
        family_contacts.open_contact(
            prisoner_id=prisoner.id,
            contact_id=contact.id,
            by=viewer_of(fresh(account)),
            reason=OpeningReason.TELL_NEWS,
            words="There was a hearing.",
        )


def test_z8_the_invented_go_and_come_with_those_beside_them(boss: Viewer) -> None:
    """Whoever stayed behind alone would be known for an invented one, and so would they whom nobody gives again."""
    real, invented, elsewhere = (make_prisoner(country=country) for country in ("BY", "BY", "PL"))
    for one in (invented, elsewhere):
        make_canary(prisoner_id=one.id)
    account = make_coordinator(caseload=[real, invented, elsewhere])

    take(account, by=boss)
    gone = caseload_of(account)
    with transaction():
        caseloads.give(account_id=account.id, whom=Whom(country="BY", facility_id=None, unattended=True), by=boss)

    assert (gone, caseload_of(account)) == (set(), {real.id, invented.id, elsewhere.id})


def test_z8_nobody_is_given_the_invented_alone(boss: Viewer) -> None:
    invented = make_prisoner(country="PL")
    make_canary(prisoner_id=invented.id)
    account = make_coordinator()

    for unattended in (True, False):
        with transaction():
            whom = Whom(country="PL", facility_id=None, unattended=unattended)
            assert caseloads.give(account_id=account.id, whom=whom, by=boss) == 0

    assert caseload_of(account) == set()
