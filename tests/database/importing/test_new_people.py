"""What becomes of people whom nobody held before."""

import pytest
from flask import Flask
from sqlalchemy import func, select

from app.actions import audit, imports
from app.database import session
from app.errors import NotAllowed
from app.models import AuditEvent, Caseload, Facility, FieldSource, ImportRecord, Prisoner, PrisonerSource
from app.partial_date import PartialDate
from app.queries.accounts import viewer_of
from app.search_key import search_key
from app.transaction import transaction
from app.vocabulary import DetentionStatus, MailAccess, Publicity
from tests.database.importing.lists import AS_OF, import_rows, order, outcomes, row
from tests.factories import make_coordinator


def everybody() -> list[Prisoner]:
    return list(session().scalars(select(Prisoner).order_by(Prisoner.name)))


def how_many(table: type) -> int:
    return session().scalar(select(func.count()).select_from(table)) or 0


def test_a_new_person_keeps_what_the_list_says_and_no_more(app: Flask) -> None:
    import_rows(row(name="Выдумка Алена", arrested="2021-03"))

    [prisoner] = everybody()
    assert prisoner.name == prisoner.name_cyrillic == "Выдумка Алена"
    assert prisoner.name_latin is None
    assert prisoner.birth_date == PartialDate(1980, 1, 31)
    assert prisoner.arrested_on == PartialDate(2021, 3)
    assert prisoner.released_on is None
    assert (prisoner.sentence, prisoner.sentence_years) == ("4 1/2 years", 4.5)
    assert prisoner.articles == ["Art. 342"]
    assert prisoner.story == "Teacher"
    assert prisoner.detention_status is DetentionStatus.CONVICTED
    assert prisoner.mail_access is MailAccess.UNKNOWN


def test_what_the_list_does_not_say_comes_from_the_programme(app: Flask) -> None:
    import_rows(row())

    [prisoner] = everybody()
    assert (prisoner.godparent_seats, prisoner.letter_writer_seats) == (3, 5)
    assert (prisoner.country, prisoner.reads) == ("BY", ["ru", "be"])
    assert prisoner.facility is not None
    assert prisoner.facility.languages == ["ru", "be"]
    assert prisoner.publicity is Publicity.COORDINATORS_ONLY


def test_a_name_is_found_in_every_script_and_spelling(app: Flask) -> None:
    import_rows(row(1, name="ЯЎГЕНІЯ Цень"), row(2, name="Bajka Ihar", birthday="1975"))

    found = session().scalars(select(Prisoner).where(Prisoner.search_key.contains(search_key("яўгенія")))).all()

    assert [prisoner.name for prisoner in found] == ["ЯЎГЕНІЯ Цень"]


def test_each_value_has_its_source_and_day(app: Flask) -> None:
    import_rows(row(description="", decision=""))

    said = session().execute(select(FieldSource.field, FieldSource.source, FieldSource.as_of)).all()
    assert {(source, as_of) for _, source, as_of in said} == {("viasna", AS_OF)}
    assert {field for field, _, _ in said} == {
        "name", "name_latin", "gender", "birth_date", "arrested_on", "verdict_on", "articles", "facility",
        "detention_status",
    }  # fmt: skip
    known = session().scalars(select(PrisonerSource)).one()
    assert (known.source, known.source_id) == ("viasna", "1")


def test_former_and_unrecognised_people_are_not_stored(app: Flask) -> None:
    diff = import_rows(row(1, status="former"), row(2, status="np"), row(3, died="2022-05-01"))

    assert diff.counts()["skipped"] == {"former": 1, "not_recognised": 1, "died": 1}
    assert [how_many(table) for table in (Prisoner, Facility, ImportRecord, AuditEvent)] == [0, 0, 0, 0]


def test_rows_that_may_be_one_person_are_not_stored(app: Flask) -> None:
    import_rows(row(1), row(2, name=row(1)["name"]), row(3))

    assert [prisoner.name for prisoner in everybody()] == ["Vydumka-3 Alena"]


def test_what_looks_like_a_formula_stays_text(app: Flask) -> None:
    import_rows(row(name='=HYPERLINK("x")', description="@SUM(A1)", decision="+1 year"))

    [prisoner] = everybody()
    assert (prisoner.name, prisoner.story, prisoner.sentence) == ('=HYPERLINK("x")', "@SUM(A1)", "+1 year")


def test_overlong_text_is_cut_once_and_compares_equal_ever_after(app: Flask) -> None:
    long = row(
        decision="x" * 1000, penalty="y" * 1000, description="s" * 10_000, prison=f"Prison No. 1, 000000, {'z' * 300}",
        name="\U0001d160" * 150, url=f"https://example.org/{'u' * 600}",
    )  # fmt: skip
    import_rows(long)

    again = import_rows(long)

    [prisoner] = everybody()
    assert (prisoner.sentence, prisoner.story) == ("x" * 399 + "…", "s" * 3999 + "…")
    assert len(prisoner.name) == 200
    assert outcomes(again) == {"unchanged": 1}


def test_new_people_join_the_caseload_of_whoever_imports(app: Flask) -> None:
    account = make_coordinator(roles=["coordinator", "programme"])

    import_rows(row(1), row(2), by=viewer_of(account))

    given = session().execute(select(Caseload.account_id, Caseload.prisoner_id)).all()
    assert set(given) == {(account.id, prisoner.id) for prisoner in everybody()}


def test_without_the_programmes_permission_nobody_imports(app: Flask) -> None:
    viewer = viewer_of(make_coordinator())

    with pytest.raises(NotAllowed):
        import_rows(row(), by=viewer)
    with pytest.raises(NotAllowed):
        imports.preview(order(row()).staged, by=viewer)

    assert everybody() == []


def test_an_import_and_each_new_record_stand_in_the_audit_trail_by_field_names(app: Flask) -> None:
    account = make_coordinator(roles=["programme"])

    import_rows(row(1), row(2), by=viewer_of(account))

    events = session().scalars(select(AuditEvent).order_by(AuditEvent.number)).all()
    assert [(event.action, event.entity) for event in events] == [
        ("import", "import_record"),
        ("add", "facility"),
        ("add", "prisoner"),
        ("add", "prisoner"),
    ]
    assert {event.by_account_id for event in events} == {account.id}
    assert "birth_date" in events[2].fields
    before = ""
    for event in events:
        assert event.digest == audit.link_digest(event, before)
        before = event.digest


def test_the_import_is_noted_with_its_counts_and_nothing_of_its_rows(app: Flask) -> None:
    import_rows(row(1), row(2, status="former"), row(3, arrested="2021-02-30"), file_digest="f" * 64)

    note = session().scalars(select(ImportRecord)).one()
    assert (note.source, note.as_of, note.file_digest) == ("viasna", AS_OF, "f" * 64)
    assert note.counts == {
        "rows": 3, "new": 1, "changed": 0, "unchanged": 0, "former": 1, "not_recognised": 0, "died": 0,
        "quarantined": 0, "errors": 1,
    }  # fmt: skip


def test_what_fails_in_the_middle_changes_nothing(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    import_rows(row(1))

    def fail(*_rows: object, **_options: object) -> None:
        raise LookupError

    monkeypatch.setattr(imports.list_entries, "confirm", fail)
    with pytest.raises(LookupError):
        import_rows(row(1, decision="9 years"), row(2, prison="Prison No. 8, 000000, Vydumsk, vulica 1"))

    [prisoner] = everybody()
    assert prisoner.sentence == "4 1/2 years"
    assert [how_many(table) for table in (Facility, ImportRecord)] == [1, 1]


def test_a_place_of_no_known_kind_is_no_facility(app: Flask) -> None:
    import_rows(row(1, prison="House on the hill, 000000, Vydumsk, vulica 1"))

    again = import_rows(row(1, prison="House on the hill, 000000, Vydumsk, vulica 1"))

    assert everybody()[0].facility is None
    assert how_many(Facility) == 0
    assert "facility" not in session().scalars(select(FieldSource.field)).all()
    assert outcomes(again) == {"unchanged": 1}


def test_an_import_leaves_the_transaction_to_its_caller(app: Flask) -> None:
    with transaction():
        imports.apply(order(row()), by=None)
        session().rollback()

    assert everybody() == []
