"""Exports: asked for, approved by a second person, downloaded once (Z7); what is in the file, and the way back (F1)."""

import csv
import io
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError

from app import clock
from app.actions import exports
from app.clock import now
from app.database import session
from app.errors import BadInput, Conflict, InvalidTransition, NotAllowed, NotFound
from app.models import Account, Alert, AuditEvent, ExportRequest, Facility, OutgoingMail, Prisoner
from app.permissions import Viewer
from app.queries.accounts import viewer_of
from app.transaction import transaction
from app.vocabulary import MatchState, StaffRole
from app.watch_words import ExportState, ExportSubject
from tests.database.cli.runner import answer
from tests.factories import (
    fresh,
    make_administrator,
    make_coordinator,
    make_facility,
    make_match,
    make_office,
    make_prisoner,
    make_sponsor,
)

WHY = "For the meeting of the board"
MANY = 51


def _viewer(account: Account) -> Viewer:
    return viewer_of(fresh(account))


def _ask(by: Account, subject: ExportSubject = ExportSubject.SPONSORS) -> str:
    with transaction():
        return exports.ask(subject=subject, reason=WHY, by=_viewer(by)).id


def _approve(export_id: str, by: Account) -> None:
    with transaction():
        exports.approve(export_id=export_id, by=_viewer(by))


def _download(export_id: str, by: Account) -> list[dict[str, str]]:
    with transaction():
        file = exports.download(export_id=export_id, by=_viewer(by))
    return list(csv.DictReader(io.StringIO(file.removeprefix("\ufeff"), newline="")))


def _sponsors(number: int, country: str = "DE") -> None:
    with transaction():
        for _ in range(number):
            make_sponsor(country=country)


def _state(export_id: str) -> ExportState:
    return session().scalars(select(ExportRequest.state).where(ExportRequest.id == export_id)).one()


def test_z7_fifty_people_are_open_at_once_and_one_more_waits_for_a_second_person(app: Flask) -> None:
    staff = make_coordinator()
    _sponsors(MANY - 1)
    small = _ask(staff)
    _sponsors(1)

    large = _ask(staff)

    assert (_state(small), _state(large)) == (ExportState.APPROVED, ExportState.ASKED)
    with pytest.raises(InvalidTransition):
        _download(large, staff)


@pytest.mark.parametrize("role", [StaffRole.ADMINISTRATOR, StaffRole.PROGRAMME])
def test_z7_a_second_person_approves_and_the_asker_downloads_once(app: Flask, role: StaffRole) -> None:
    staff, second = make_coordinator(), make_coordinator(roles=[role], regions=[])
    _sponsors(MANY)
    export_id = _ask(staff)

    _approve(export_id, second)
    rows = _download(export_id, staff)

    assert len(rows) == MANY
    assert _state(export_id) is ExportState.DOWNLOADED
    with pytest.raises(InvalidTransition):
        _download(export_id, staff)


def test_z7_nobody_approves_their_own_and_a_coordinator_approves_none(app: Flask) -> None:
    everything, other = make_coordinator(roles=StaffRole), make_coordinator()
    _sponsors(MANY)
    export_id = _ask(everything)

    for account in (everything, other):
        with pytest.raises(NotAllowed):
            _approve(export_id, account)

    assert _state(export_id) is ExportState.ASKED


def test_z7_only_the_asker_downloads(app: Flask) -> None:
    staff, second = make_coordinator(), make_administrator()
    _sponsors(MANY)
    export_id = _ask(staff)
    _approve(export_id, second)

    with pytest.raises(NotFound):
        _download(export_id, second)

    assert _state(export_id) is ExportState.APPROVED


def test_z7_after_a_day_it_has_to_be_asked_for_again(app: Flask) -> None:
    staff = make_coordinator()
    _sponsors(MANY)
    export_id = _ask(staff)
    _approve(export_id, make_administrator())

    with clock.at(now() + timedelta(days=1)), pytest.raises(Conflict):
        _download(export_id, staff)


@pytest.mark.parametrize("number", [1, MANY])
def test_z7_an_export_holds_no_more_people_than_were_approved(app: Flask, number: int) -> None:
    staff = make_coordinator()
    _sponsors(number)
    export_id = _ask(staff)
    if number == MANY:
        _approve(export_id, make_administrator())
    _sponsors(MANY)

    with pytest.raises(Conflict):
        _download(export_id, staff)


def test_z7_the_database_itself_refuses_a_large_export_that_nobody_else_approved(app: Flask) -> None:
    staff = make_coordinator()
    _sponsors(MANY)
    export_id = _ask(staff)
    which = update(ExportRequest).where(ExportRequest.id == export_id)
    alone = {"state": ExportState.APPROVED}
    oneself = alone | {"decided_at": now(), "decided_by": staff.id}

    for values in (alone, oneself):
        with pytest.raises(IntegrityError), transaction():
            session().execute(which.values(**values))


def test_z7_every_step_is_in_the_trail_and_the_administrators_are_told(app: Flask) -> None:
    staff, second, third = make_coordinator(), make_administrator(), make_office()
    _sponsors(MANY)
    export_id = _ask(staff)
    _approve(export_id, second)
    _download(export_id, staff)

    actions = select(AuditEvent.action, AuditEvent.by_account_id).where(AuditEvent.entity == "export_request")
    events = session().execute(actions.order_by(AuditEvent.number))
    assert [tuple(row) for row in events] == [("ask", staff.id), ("approve", second.id), ("download", staff.id)]
    assert [alert.about for alert in session().scalars(select(Alert))] == [export_id]
    mails = session().scalars(select(OutgoingMail.account_id).where(OutgoingMail.message == "alert")).all()
    assert set(mails) == {second.id, third.id}


def test_z7_declined_is_declined(app: Flask) -> None:
    staff, second = make_coordinator(), make_administrator()
    _sponsors(MANY)
    export_id = _ask(staff)
    with transaction():
        exports.decline(export_id=export_id, by=_viewer(second))

    with pytest.raises(InvalidTransition):
        _approve(export_id, second)
    with pytest.raises(InvalidTransition):
        _download(export_id, staff)


def _of_others() -> None:
    make_match(prisoner=make_prisoner(name="Foreign"), sponsor=make_sponsor(country="FR", name="Foreign"))


@pytest.mark.parametrize("subject", ExportSubject)
def test_z5_an_export_holds_the_regions_and_the_caseload_of_its_asker_and_nobody_else(
    app: Flask, subject: ExportSubject
) -> None:
    mine = make_match(
        prisoner=make_prisoner(name="Own", name_latin="Own"), sponsor=make_sponsor(country="DE", name="Own")
    )
    _of_others()
    make_match(prisoner=mine.prisoner, sponsor=make_sponsor(country="FR", name="Foreign"))
    staff = make_coordinator(regions=["DE"], caseload=[mine.prisoner])

    rows = _download(_ask(staff, subject), staff)

    assert len(rows) == 1
    assert "Own" in rows[0].values()
    assert not any("Foreign" in cell for cell in rows[0].values())


def test_an_administrator_without_regions_has_nobody_to_export(app: Flask) -> None:
    _sponsors(1)

    with pytest.raises(BadInput):
        _ask(make_administrator())


def test_z7_both_sides_of_a_match_are_counted(app: Flask) -> None:
    one = make_match(state=MatchState.ACTIVE)
    make_match(prisoner=one.prisoner, state=MatchState.ACTIVE)
    staff = make_coordinator(roles=["coordinator", "programme"])

    export_id = _ask(staff, ExportSubject.MATCHES)

    assert session().get_one(ExportRequest, export_id).persons == 3


def test_nothing_restricted_is_in_any_export(app: Flask) -> None:
    """Canaries in what is for coordinators' eyes, and in addresses: none may leave."""
    prisoner = make_prisoner(story="Canary", case_code="Canary", pinned_tier=0, facts=["serious_illness"])
    sponsor = make_sponsor(conflict_notes="Canary", vetting_reason="Canary")
    make_match(prisoner=prisoner, sponsor=sponsor, state=MatchState.ENDED, coordinator_note="Canary")
    staff = make_coordinator(roles=["coordinator", "programme"])

    cells = [
        cell for subject in ExportSubject for row in _download(_ask(staff, subject), staff) for cell in row.values()
    ]

    assert cells
    assert not any("Canary" in cell or "@" in cell or "illness" in cell for cell in cells)


FORMULA = '=HYPERLINK("https://evil.example")'


def test_f1_a_name_that_is_a_formula_is_text_in_the_file(app: Flask) -> None:
    make_sponsor(name=FORMULA)
    staff = make_coordinator()

    [row] = _download(_ask(staff), staff)

    assert row["name"] == f"'{FORMULA}"


def _write(folder: Path, by: Account) -> Path:
    export_id = _ask(by, ExportSubject.PRISONERS)
    with transaction():
        text = exports.download(export_id=export_id, by=_viewer(by))
    path = folder / "export.csv"
    path.write_bytes(text.encode())
    return path


@pytest.fixture
def hostile_people(app: Flask) -> Callable[[], None]:
    """People whose every text would be a formula, and one as most are."""

    def make() -> None:
        place = make_facility(title="Penal colony No. 5", number="5")
        changes = {"sentence": "+375291234567", "penalty": "-5", "home_area": "@home", "articles": ["=1+1", "-342"]}
        make_prisoner(name="=Alena", name_latin="+375 Alena", name_cyrillic="'Алена", facility=place, **changes)
        make_prisoner(facility=place)

    return make


def test_f1_an_export_of_prisoners_that_is_imported_again_finds_everybody_and_adds_nobody(
    app: Flask, hostile_people: Callable[[], None], tmp_path: Path
) -> None:
    hostile_people()
    staff = make_coordinator(roles=["coordinator", "programme"])

    path = _write(tmp_path, staff)
    found = answer(app, "prisoners", "import", path, "--source", "ours", "--as-of", "2026-11-22")

    assert {name: found[name] for name in ("rows", "new", "quarantined", "errors")} == {
        "rows": 2, "new": 0, "quarantined": 0, "errors": [],
    }  # fmt: skip


def test_f1_into_an_empty_house_the_originals_come_back(
    app: Flask, hostile_people: Callable[[], None], tmp_path: Path
) -> None:
    fields = ("name", "name_latin", "name_cyrillic", "gender", "birth_date", "arrested_on", "verdict_on", "sentence")
    more = ("penalty", "home_area", "articles", "detention_status")

    def everybody() -> list[tuple[object, ...]]:
        session().rollback()
        people = session().scalars(select(Prisoner).order_by(Prisoner.name)).all()
        return [tuple(getattr(one, name) for name in (*fields, *more)) for one in people]

    hostile_people()
    staff = make_coordinator(roles=["coordinator", "programme"])
    path = _write(tmp_path, staff)
    before = everybody()
    with transaction():
        for table in (Prisoner, Facility):
            for one in session().scalars(select(table)):
                session().delete(one)

    answer(app, "prisoners", "import", path, "--source", "ours", "--as-of", "2026-11-22", "--apply")

    assert everybody() == before
