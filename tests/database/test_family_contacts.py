"""Contacts of families: recorded with their yes, opened for a reason, gone when their time is over."""

import json
from dataclasses import fields, replace
from datetime import date, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from app import clock
from app.actions import family_contacts as actions
from app.actions import seal_keys
from app.actions.family_contacts import CONTACTS_A_DAY, ContactDetails, OpenedContact
from app.clock import today
from app.contact_words import ContactKind, OpeningReason
from app.database import session
from app.errors import BadInput, Conflict, NotAllowed, NotFound, StaleRecord
from app.extensions import db
from app.jobs.tasks import purge
from app.models import Account, Alert, AuditEvent, Base, ContactOpening, FamilyContact, OutgoingMail, Prisoner
from app.permissions import Viewer
from app.queries.accounts import viewer_of
from app.retention import Category, period
from app.transaction import transaction
from app.vocabulary import DetentionStatus, StaffRole
from tests.conftest import SEAL_KEYS
from tests.factories import (
    fresh,
    make_administrator,
    make_contact,
    make_coordinator,
    make_opening,
    make_prisoner,
    writing,
)
from tests.stored import everything_stored

DETAILS = ContactDetails(
    kind=ContactKind.LAWYER,
    name="Invented Advocate",
    language="Belarusian",
    reach="+44 1632 960777",
    may_say="Everything, on the messenger only.",
    agreed_on=date(2026, 2, 3),
    agreement="By a note to the hub.",
)


def _viewer(account: Account) -> Viewer:
    return viewer_of(fresh(account))


def _open(contact: FamilyContact, by: Account, words: str = "There was a hearing.") -> OpenedContact:
    whose = {"prisoner_id": contact.prisoner_id, "contact_id": contact.id}
    with transaction():
        return actions.open_contact(by=_viewer(by), reason=OpeningReason.TELL_NEWS, words=words, **whose)


def _add(prisoner: Prisoner, by: Account, details: ContactDetails = DETAILS) -> str:
    with transaction():
        return actions.add(prisoner_id=prisoner.id, details=details, by=_viewer(by)).id


def _left(table: type[Base]) -> int:
    session().rollback()
    return session().scalar(select(func.count()).select_from(table)) or 0


def _events(action: str) -> list[AuditEvent]:
    session().rollback()
    return list(session().scalars(select(AuditEvent).where(AuditEvent.action == action)))


def test_p1_a_contact_stands_nowhere_in_what_is_stored_but_opens_for_its_row(app: Flask) -> None:
    prisoner = make_prisoner()
    staff = make_coordinator(caseload=[prisoner])
    words = {"name", "language", "reach", "may_say", "agreement"}
    canaries = {name: f"planted-{name}" for name in words}
    contact_id = _add(prisoner, staff, replace(DETAILS, **canaries))
    contact = session().get_one(FamilyContact, contact_id)

    opened = _open(contact, staff, words="planted-reason")

    assert "planted-" not in everything_stored()
    assert {name: getattr(opened.details, name) for name in words} == canaries
    assert session().scalars(select(ContactOpening)).one().words == "planted-reason"


def test_p4_every_step_is_in_the_trail_by_id_and_names_of_fields(app: Flask) -> None:
    prisoner = make_prisoner()
    staff = make_coordinator(caseload=[prisoner])
    contact_id = _add(prisoner, staff)
    whose: dict[str, Any] = {"prisoner_id": prisoner.id, "contact_id": contact_id}
    _open(session().get_one(FamilyContact, contact_id), staff)
    with transaction():
        correction = replace(DETAILS, reach="+44 1632 960778")
        actions.change(details=correction, by=_viewer(staff), seen_version=1, **whose)
    with transaction():
        actions.remove(by=_viewer(staff), seen_version=2, **whose)

    trail = select(AuditEvent).where(AuditEvent.entity == "family_contact").order_by(AuditEvent.number)
    steps = [(event.action, event.entity_id, event.by_account_id, event.fields) for event in session().scalars(trail)]
    sealed = ["agreement", "language", "may_say", "name", "reach"]
    assert steps == [
        ("add", contact_id, staff.id, sorted([*sealed, "agreed_on", "kind"])),
        ("open_contact", contact_id, staff.id, sealed),
        ("update", contact_id, staff.id, ["reach"]),
        ("remove", contact_id, staff.id, []),
    ]


def test_an_opening_that_is_not_kept_shows_nothing(app: Flask) -> None:
    contact = make_contact()
    staff = make_coordinator(caseload=[session().get_one(Prisoner, contact.prisoner_id)])

    for words in ("", "  ", "x" * 401):
        with pytest.raises(BadInput):
            _open(contact, staff, words=words)

    assert (_left(ContactOpening), _events("open_contact")) == (0, [])


@pytest.mark.parametrize("roles", [[StaffRole.COORDINATOR], [StaffRole.COORDINATOR, StaffRole.PROGRAMME]])
def test_z5_outside_ones_own_caseload_there_is_no_contact_whoever_handles_every_record(
    app: Flask, roles: list[StaffRole]
) -> None:
    contact = make_contact()
    staff = make_coordinator(roles=roles, caseload=[make_prisoner()])
    whose: dict[str, Any] = {"prisoner_id": contact.prisoner_id, "by": _viewer(staff)}

    with pytest.raises(NotFound):
        _open(contact, staff)
    with pytest.raises(NotFound), transaction():
        actions.add(details=DETAILS, **whose)
    with pytest.raises(NotFound), transaction():
        actions.change(contact_id=contact.id, details=DETAILS, seen_version=1, **whose)
    with pytest.raises(NotFound), transaction():
        actions.remove(contact_id=contact.id, seen_version=1, **whose)


def test_z5_a_contact_is_not_reached_through_a_prisoner_of_ones_own(app: Flask) -> None:
    foreign, mine = make_contact(), make_prisoner()
    staff = make_coordinator(caseload=[mine])

    with pytest.raises(NotFound), transaction():
        actions.remove(prisoner_id=mine.id, contact_id=foreign.id, by=_viewer(staff), seen_version=1)

    assert _left(FamilyContact) == 1


@pytest.mark.parametrize("roles", [[StaffRole.PROGRAMME], [StaffRole.ADMINISTRATOR]])
def test_nobody_but_a_coordinator_handles_contacts(app: Flask, roles: list[StaffRole]) -> None:
    contact = make_contact()
    prisoner = session().get_one(Prisoner, contact.prisoner_id)

    with pytest.raises(NotAllowed):
        _open(contact, make_coordinator(roles=roles, caseload=[prisoner]))


@pytest.mark.parametrize("missing", ["name", "language", "reach", "may_say", "agreement"])
def test_no_contact_is_kept_without_its_basis(app: Flask, missing: str) -> None:
    prisoner = make_prisoner()
    staff = make_coordinator(caseload=[prisoner])

    with pytest.raises(BadInput, match=missing):
        _add(prisoner, staff, replace(DETAILS, **{missing: " "}))
    with pytest.raises(BadInput, match="agreed_on"):
        _add(prisoner, staff, replace(DETAILS, agreed_on=today() + timedelta(days=1)))

    assert _left(FamilyContact) == 0


def test_of_whoever_is_no_longer_held_no_new_contact_is_kept(app: Flask) -> None:
    free = make_prisoner(detention_status=DetentionStatus.RELEASED)

    with pytest.raises(Conflict):
        _add(free, make_coordinator(caseload=[free]))


def test_c4_a_stale_correction_or_removal_is_refused(app: Flask) -> None:
    prisoner = make_prisoner()
    staff = make_coordinator(caseload=[prisoner])
    whose: dict[str, Any] = {"prisoner_id": prisoner.id, "contact_id": _add(prisoner, staff), "by": _viewer(staff)}
    with transaction():
        actions.change(details=replace(DETAILS, name="Another"), seen_version=1, **whose)

    with pytest.raises(StaleRecord), transaction():
        actions.change(details=DETAILS, seen_version=1, **whose)
    with pytest.raises(StaleRecord), transaction():
        actions.remove(seen_version=1, **whose)

    assert session().get_one(FamilyContact, whose["contact_id"]).name == "Another"


def test_a_correction_that_changes_nothing_writes_nothing(app: Flask) -> None:
    prisoner = make_prisoner()
    staff = make_coordinator(caseload=[prisoner])
    contact_id = _add(prisoner, staff)
    before = session().get_one(FamilyContact, contact_id).name_sealed

    with transaction():
        whose = {"prisoner_id": prisoner.id, "contact_id": contact_id}
        actions.change(details=DETAILS, by=_viewer(staff), seen_version=1, **whose)

    after = session().get_one(FamilyContact, contact_id)
    assert (after.name_sealed, after.version, after.changed_at, _events("update")) == (before, 1, None, [])


def test_z8_more_than_a_days_work_needs_is_told_to_the_administrators_once(app: Flask) -> None:
    contact = make_contact()
    staff = make_coordinator(caseload=[session().get_one(Prisoner, contact.prisoner_id)])
    administrator = make_administrator()
    with clock.at(clock.now() - timedelta(days=1)):
        make_opening(contact, by=staff)
    make_opening(contact)
    for _ in range(CONTACTS_A_DAY):
        _open(contact, staff)
    before = _left(Alert)

    for _ in range(2):
        _open(contact, staff)

    [alert] = session().scalars(select(Alert))
    assert (before, alert.kind, alert.caused_by, alert.about) == (0, "contacts_opened", staff.id, None)
    assert administrator.id in session().scalars(select(OutgoingMail.account_id)).all()


@pytest.mark.parametrize("status", [DetentionStatus.RELEASED, DetentionStatus.DIED_IN_CUSTODY])
def test_p6_after_a_release_or_a_death_contacts_go_when_their_time_is_over(app: Flask, status: DetentionStatus) -> None:
    prisoner, other = make_prisoner(), make_contact()
    gone_id, kept_id = make_contact(prisoner=prisoner).id, other.id
    with writing():
        fresh_one = session().get_one(Prisoner, prisoner.id)
        fresh_one.detention_status = status
    noticed = clock.now()

    kept = period(Category.FAMILY_CONTACTS)
    for later, left in ((timedelta(), 2), (kept - timedelta(hours=1), 2), (kept, 1)):
        with clock.at(noticed + later):
            purge(stopping=lambda: False)
        assert _left(FamilyContact) == left

    assert session().scalars(select(FamilyContact.id)).all() == [kept_id]
    [event] = _events("remove")
    assert (event.by_account_id, event.entity_id) == (None, gone_id)


def test_p6_a_return_to_custody_keeps_the_contacts_and_the_time_begins_anew(app: Flask) -> None:
    prisoner = make_prisoner(detention_status=DetentionStatus.RELEASED)
    make_contact(prisoner=prisoner)
    start = clock.now()

    for days, status in ((0, "released"), (60, "returned_to_custody"), (80, "released"), (160, "released")):
        with clock.at(start + timedelta(days=days)):
            with writing():
                session().get_one(Prisoner, prisoner.id).detention_status = DetentionStatus(status)
            purge(stopping=lambda: False)

    assert _left(FamilyContact) == 1


def test_p6_openings_are_kept_for_a_year(app: Flask) -> None:
    make_opening(make_contact())
    over = clock.now() + period(Category.CONTACT_OPENINGS)

    for moment, left in ((over - timedelta(hours=1), 1), (over, 0)):
        with clock.at(moment):
            purge(stopping=lambda: False)
        assert _left(ContactOpening) == left


def test_p5_what_was_removed_is_gone_from_the_file_too(app: Flask) -> None:
    prisoner = make_prisoner()
    staff = make_coordinator(caseload=[prisoner])
    contact_id = _add(prisoner, staff)
    sealed = session().get_one(FamilyContact, contact_id).reach_sealed

    with transaction():
        actions.remove(prisoner_id=prisoner.id, contact_id=contact_id, by=_viewer(staff), seen_version=1)

    session().rollback()
    if db.engine.dialect.name == "sqlite":
        with db.engine.connect() as connection:
            connection.exec_driver_sql("ROLLBACK")
            connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
            connection.exec_driver_sql("BEGIN")
    assert sealed not in everything_stored()


def test_a_prisoner_who_is_removed_takes_the_contacts_along(app: Flask) -> None:
    make_opening(make_contact(prisoner=make_prisoner(name="Removed")))

    with transaction():
        session().delete(session().scalars(select(Prisoner).where(Prisoner.name == "Removed")).one())

    assert (_left(FamilyContact), _left(ContactOpening)) == (0, 0)


def test_p2_a_rotation_seals_contacts_and_reasons_anew(app: Flask) -> None:
    settings = app.config["VESTKA"]
    contact = make_contact()
    opening = make_opening(contact)
    with writing():
        seal_keys.begin()
    app.config["VESTKA"] = replace(settings, seal_keys=(("newer", b"a newer key for tests 0123456789"), *SEAL_KEYS))
    session().rollback()

    answer = json.loads(app.test_cli_runner().invoke(args=["keys", "rotate", "--json"]).stdout)

    columns = [f"family_contact.{name}_sealed" for name in ("name", "language", "reach", "may_say", "agreement")]
    renewed = [answer["sealed_anew"][column] for column in (*columns, "contact_opening.words_sealed")]
    assert (renewed, answer["broken"]) == ([1] * 6, [])
    assert fresh(contact).name_sealed.startswith("s1.newer.")
    assert (fresh(contact).name, fresh(opening).words) == ("Aunt Invented", "There was a hearing.")
    app.config["VESTKA"] = settings


def test_details_show_nothing_of_themselves_in_a_trace(app: Flask) -> None:
    opened = OpenedContact(details=DETAILS, version=1)

    assert not any(str(getattr(DETAILS, field.name)) in repr(opened) for field in fields(DETAILS))
