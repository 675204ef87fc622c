"""What a later list does to people who are held already."""

from datetime import UTC, date, datetime

import pytest
from flask import Flask
from sqlalchemy import func, select

from app import clock
from app.actions import events
from app.actions.events import EventOrder
from app.database import session
from app.models import AuditEvent, FieldSource, ImportRecord, OutgoingMail, Prisoner, PrisonerEvent, PrisonerSource
from app.partial_date import PartialDate
from app.queries.accounts import viewer_of
from app.transaction import transaction
from app.vocabulary import DetentionStatus, EventType, MatchState
from tests.database.importing.lists import AS_OF, LATER, import_rows, outcomes, row
from tests.factories import fresh, make_coordinator, make_match, make_prisoner


def the_prisoner() -> Prisoner:
    return session().scalars(select(Prisoner)).one()


def origin(field: str) -> tuple[str, date]:
    found = session().scalars(select(FieldSource).where(FieldSource.field == field)).one()
    return found.source, found.as_of


def counted(table: type) -> int:
    return session().scalar(select(func.count()).select_from(table)) or 0


def test_a_second_run_changes_nothing_and_leaves_no_trace(app: Flask) -> None:
    import_rows(row(1), row(2))
    before = [counted(table) for table in (Prisoner, FieldSource, AuditEvent, ImportRecord)]
    version = session().scalars(select(Prisoner.version)).all()

    again = import_rows(row(1), row(2))

    assert outcomes(again) == {"unchanged": 2}
    assert [counted(table) for table in (Prisoner, FieldSource, AuditEvent, ImportRecord)] == before
    assert session().scalars(select(Prisoner.version)).all() == version


def test_a_later_edition_changes_what_it_said_and_says_since_when(app: Flask) -> None:
    import_rows(row(decision="4 years", prison="", description="Teacher"))

    diff = import_rows(row(decision="9 years", birthday="", penalty="colony", description="Writer"), as_of=LATER)

    prisoner = the_prisoner()
    assert outcomes(diff) == {"changed": 1}
    assert prisoner.story == "Writer"
    assert (prisoner.sentence, prisoner.sentence_years, prisoner.penalty) == ("9 years", 9, "colony")
    assert prisoner.birth_date == PartialDate(1980, 1, 31)
    assert prisoner.facility is not None
    assert origin("sentence") == origin("penalty") == origin("facility") == ("viasna", LATER)
    assert origin("birth_date") == ("viasna", AS_OF)


def test_a_value_that_is_said_again_counts_as_verified_that_day(app: Flask) -> None:
    import_rows(row())

    diff = import_rows(row(birthday=""), as_of=LATER)

    assert outcomes(diff) == {"unchanged": 1}
    assert origin("facility") == ("viasna", LATER)
    assert origin("birth_date") == ("viasna", AS_OF)


def test_an_older_edition_changes_nothing(app: Flask) -> None:
    import_rows(row(decision="9 years"), as_of=LATER)

    diff = import_rows(row(decision="4 years"), as_of=AS_OF)

    assert outcomes(diff) == {"unchanged": 1}
    assert the_prisoner().sentence == "9 years"
    assert origin("sentence") == ("viasna", LATER)


def test_another_source_adds_what_is_missing_and_is_known_from_then_on(app: Flask) -> None:
    import_rows(row(decision="4 years", gender=""))

    other = row(id="x9", url="https://other.example.org/9", decision="9 years")
    diff = import_rows(other, source="other", as_of=LATER)

    prisoner = the_prisoner()
    assert outcomes(diff) == {"changed": 1}
    assert (prisoner.sentence, prisoner.gender) == ("4 years", "female")
    assert origin("gender") == ("other", LATER)
    assert origin("sentence") == ("viasna", AS_OF)
    marks = session().execute(select(PrisonerSource.source, PrisonerSource.source_id)).all()
    assert set(marks) == {("viasna", "1"), ("other", "x9")}
    renamed = other | {"name": "Prydumka Alena", "birthday": ""}
    assert outcomes(import_rows(renamed, source="other", as_of=LATER)) == {"unchanged": 1}


def test_what_a_coordinator_wrote_stays(app: Flask) -> None:
    held = make_prisoner(name="Vydumka-1 Alena", name_cyrillic=None, birth_date=PartialDate(1980, 1, 31))

    import_rows(row(decision="9 years", description="Teacher"))

    assert fresh(held).sentence == "6 years"
    assert held.story == "Teacher"


def test_an_address_that_comes_later_is_kept_beside_the_id(app: Flask) -> None:
    import_rows(row(url=""))

    diff = import_rows(row())

    known = session().scalars(select(PrisonerSource)).one()
    assert outcomes(diff) == {"changed": 1}
    assert (known.source_id, known.source_url) == ("1", row()["url"])


def test_the_same_words_of_another_source_verify_nothing(app: Flask) -> None:
    import_rows(row())

    import_rows(row(), source="other", as_of=LATER)

    assert origin("facility") == origin("birth_date") == ("viasna", AS_OF)


def test_a_new_name_is_found_by_the_search(app: Flask) -> None:
    import_rows(row())

    import_rows(row(name="Zahadka Hanna"), as_of=LATER)

    assert "zahadka" in the_prisoner().search_key


@pytest.mark.parametrize(
    ("changes", "status", "day", "notice"),
    [
        ({"status": "former", "release_date": "2026-11-10"}, DetentionStatus.RELEASED, "released_on", "released"),
        ({"died": "2026-11-10"}, DetentionStatus.DIED_IN_CUSTODY, "died_on", "condolence"),
    ],
)
def test_a_release_or_death_is_entered_with_all_that_follows(
    app: Flask, changes: dict[str, str], status: DetentionStatus, day: str, notice: str
) -> None:
    import_rows(row())
    prisoner = the_prisoner()
    proposed = make_match(prisoner=prisoner)
    active = make_match(prisoner=prisoner, state=MatchState.ACTIVE)
    elsewhere = make_match()

    diff = import_rows(row(**changes), as_of=LATER)

    assert outcomes(diff) == {"changed": 1}
    assert fresh(prisoner).detention_status is status
    assert getattr(prisoner, day) == PartialDate(2026, 11, 10)
    assert origin("detention_status") == ("viasna", LATER)
    states = [fresh(match).state for match in (proposed, active, elsewhere)]
    assert states == [MatchState.WITHDRAWN, MatchState.ENDED, MatchState.PROPOSED]
    audited = session().scalars(select(AuditEvent).where(AuditEvent.entity == "match"))
    assert {(event.action, event.entity_id) for event in audited} == {("withdraw", proposed.id), ("end", active.id)}
    told = session().scalars(select(OutgoingMail)).one()
    assert (told.message, told.match_id) == (notice, active.id)
    assert session().scalars(select(PrisonerEvent)).all() == []


def test_a_list_does_not_bring_back_who_was_released(app: Flask) -> None:
    import_rows(row())
    import_rows(row(status="former", release_date="2026-11-10"), as_of=LATER)

    import_rows(row(), as_of=LATER)

    assert the_prisoner().detention_status is DetentionStatus.RELEASED


@pytest.mark.parametrize(
    ("release", "status"),
    [("2026-10-01", DetentionStatus.RETURNED_TO_CUSTODY), ("2026-11-10", DetentionStatus.RELEASED)],
)
def test_who_returned_to_custody_is_released_by_a_later_release_only(
    app: Flask, release: str, status: DetentionStatus
) -> None:
    import_rows(row())
    with transaction():
        the_prisoner().detention_status = DetentionStatus.RETURNED_TO_CUSTODY

    import_rows(row(status="former", release_date=release), as_of=LATER)

    assert the_prisoner().detention_status is status


def test_a_release_that_a_list_tells_of_is_signed_by_whoever_imports(app: Flask) -> None:
    importer = viewer_of(make_coordinator(roles=["programme"]))
    import_rows(row(), by=importer)

    import_rows(row(status="former", release_date="2026-11-10"), by=importer, as_of=LATER)

    event = session().scalars(select(PrisonerEvent)).one()
    assert (event.type, event.happened_on, event.source) == (EventType.RELEASE, date(2026, 11, 10), "viasna")
    assert event.recorded_by == importer.account_id


@pytest.mark.parametrize("release", ["2026-10-01", ""])
def test_the_first_release_is_not_told_again_of_who_returned_and_was_moved_since(app: Flask, release: str) -> None:
    by = viewer_of(make_coordinator(roles=["coordinator", "programme"]))
    import_rows(row())
    key = the_prisoner().id
    for number, kind in enumerate((EventType.RELEASE, EventType.RETURN, EventType.TRANSFER)):
        order = EventOrder(prisoner_id=key, type=kind, day=date(2026, 10, 1 + number), source="a colleague")
        with clock.at(datetime(2026, 10, 20, tzinfo=UTC)), transaction():
            events.record(order, by=by)

    import_rows(row(status="former", release_date=release), as_of=LATER)

    assert the_prisoner().detention_status is DetentionStatus.IN_TRANSFER


def test_two_people_are_never_made_one(app: Flask) -> None:
    import_rows(row(1), row(2))
    first, second = session().scalars(select(Prisoner.id).order_by(Prisoner.name)).all()

    diff = import_rows(row(1, url=row(2)["url"], decision="9 years"), as_of=LATER)

    assert len(diff.quarantined) == 1
    assert {first, second} == set(session().scalars(select(Prisoner.id)))
    assert set(session().scalars(select(Prisoner.sentence))) == {"4 1/2 years"}
