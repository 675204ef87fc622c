"""Rows that an import cannot place wait for a person: each once, with as little as is needed, as long as is needed."""

import pytest
from flask import Flask
from sqlalchemy import select

from app.actions import imports
from app.database import session
from app.models import AuditEvent, ImportRecord, Prisoner, QuarantinedRow
from app.partial_date import PartialDate
from app.queries.accounts import viewer_of
from app.vocabulary import Publicity, PublicityBasis
from tests.database.importing.lists import AS_OF, LATER, import_rows, order, outcomes, row
from tests.database.importing.waiting import counted, says, waiting
from tests.factories import make_coordinator, make_prisoner

TWO = (row(1), row(2, url=row(1)["url"]))
"""Two rows that share an address."""


def test_each_row_of_a_clash_waits_with_what_it_says(app: Flask) -> None:
    diff = import_rows(*TWO, row(3))

    assert (len(diff.quarantined), outcomes(diff)) == (2, {"new": 1})
    assert [(one.row_number, says(one), one.source, one.as_of) for one in waiting()] == [
        (1, "Vydumka-1 Alena", "viasna", AS_OF),
        (2, "Vydumka-2 Alena", "viasna", AS_OF),
    ]
    assert len({one.group_id for one in waiting()}) == 1
    assert counted(Prisoner) == 1


def test_rows_of_other_clashes_stand_apart(app: Flask) -> None:
    import_rows(*TWO, row(3), row(4, id="3"), row(5, name="One Same"), row(6, name="One Same"))

    assert [len({one.group_id for one in waiting()[at : at + 2]}) for at in (0, 2, 4)] == [1, 1, 1]
    assert len({one.group_id for one in waiting()}) == 3


def test_a_chain_of_clashes_is_one(app: Flask) -> None:
    import_rows(row(1), row(2, url=row(1)["url"]), row(3, id="2"))

    assert len({one.group_id for one in waiting()}) == 1


def test_f2_the_same_list_again_leaves_the_rows_as_they_are(app: Flask) -> None:
    import_rows(*TWO)
    before = [(one.id, one.version) for one in waiting()]
    traces = counted(AuditEvent), counted(ImportRecord)

    again = import_rows(*TWO)

    assert len(again.quarantined) == 2
    assert [(one.id, one.version) for one in waiting()] == before
    assert (counted(AuditEvent), counted(ImportRecord)) == traces


def test_a_newer_edition_speaks_in_place_of_the_older_one_and_never_the_other_way(app: Flask) -> None:
    import_rows(*TWO)
    before = [one.id for one in waiting()]

    import_rows(row(9), *(one | {"decision": "9 years"} for one in TWO), as_of=LATER)
    import_rows(*TWO)

    assert [one.id for one in waiting()] == before
    assert {(one.as_of, one.person["sentence"]) for one in waiting() if one.person} == {(LATER, "9 years")}
    assert [one.row_number for one in waiting()] == [2, 3]


def test_rows_alike_in_all_they_are_named_by_wait_each_for_itself(app: Flask) -> None:
    alike = [row(id="", url="", arrested=f"202{year}-03-01") for year in range(6)]

    import_rows(*alike)
    before = [one.id for one in waiting()]
    import_rows(alike[0] | {"decision": "9 years"}, *alike[1:], as_of=LATER)

    assert len(before) == 6
    assert [one.id for one in waiting()] == before
    assert [one.person["sentence"] for one in waiting() if one.person] == ["9 years"] + ["4 1/2 years"] * 5


def test_a_row_that_stands_there_twice_word_for_word_is_one_matter(app: Flask) -> None:
    diff = import_rows(row(1), row(1))
    import_rows(row(1), row(1))

    assert len(diff.quarantined) == 2
    assert [one.row_number for one in waiting()] == [1]


def test_a_row_that_a_later_list_places_by_itself_waits_no_more(app: Flask) -> None:
    import_rows(*TWO)

    diff = import_rows(row(1), row(2), as_of=LATER)

    assert outcomes(diff) == {"new": 2}
    assert waiting() == []
    placed = select(AuditEvent.entity).where(AuditEvent.action == "place")
    assert session().scalars(placed).all() == ["quarantined_row"] * 2


def test_an_older_list_settles_nothing(app: Flask) -> None:
    import_rows(*TWO, as_of=LATER)

    import_rows(row(1), as_of=AS_OF)

    assert len(waiting()) == 2


def test_the_same_marks_of_another_source_are_another_matter(app: Flask) -> None:
    import_rows(*TWO)

    import_rows(*TWO, source="other")

    assert sorted(one.source for one in waiting()) == ["other", "other", "viasna", "viasna"]
    assert len({one.group_id for one in waiting()}) == 2


@pytest.mark.parametrize("gone", [{"status": "former"}, {"status": "np"}, {"died": "2026-10-01"}])
def test_nothing_is_kept_of_whoever_is_not_held_and_nobody_here(app: Flask, gone: dict[str, str]) -> None:
    diff = import_rows(*(one | gone for one in TWO))

    assert len(diff.quarantined) == 2
    assert counted(QuarantinedRow) == 0


def test_a_former_row_is_kept_beside_one_of_somebody_held(app: Flask) -> None:
    import_rows(TWO[0], TWO[1] | {"status": "former"})

    assert len(waiting()) == 2


def test_a_former_row_is_kept_where_somebody_we_hold_may_be_meant(app: Flask) -> None:
    make_prisoner(name="Vydumka-2 Alena", birth_date=PartialDate(1975))

    import_rows(*(one | {"status": "former"} for one in TWO))

    assert len(waiting()) == 2


def test_rows_that_fit_several_or_others_wait_too(app: Flask) -> None:
    for _ in range(2):
        make_prisoner(name="Vydumka-1 Alena", birth_date=PartialDate(1980, 1, 31))
    import_rows(row(7))
    twins = row(8, id="", url="", name="ТВО Alena"), row(9, id="", url="", name="Vydumka-7 Alena")

    import_rows(row(1), row(5, name="Vydumka-7 Alena"), *twins)

    assert [(one.row_number, one.clash) for one in waiting()] == [
        (1, "several_held_people_fit"),
        (2, "same_name_and_birth_date"),
        (4, "same_name_and_birth_date"),
    ]


def test_rows_that_fit_one_person_wait_together(app: Flask) -> None:
    make_prisoner(name="Vydumka Alena", name_cyrillic="Выдумка Алена", birth_date=PartialDate(1980, 1, 31))

    diff = import_rows(row(1, name="Vydumka Alena"), row(2, name="Выдумка Алена"))

    assert [one.with_rows for one in diff.quarantined] == [(2,), (1,)]
    assert len({one.group_id for one in waiting()}) == 1


def test_the_publicity_that_the_import_gave_waits_with_the_row(app: Flask) -> None:
    importer = viewer_of(make_coordinator(roles=["programme"]))

    import_rows(*TWO, by=importer, publicity=Publicity.PUBLIC, basis=PublicityBasis.FAMILY_CONSENTED, country="RU")

    assert {(one.publicity, one.publicity_basis, one.publicity_by, one.country) for one in waiting()} == {
        (Publicity.PUBLIC, PublicityBasis.FAMILY_CONSENTED, importer.account_id, "RU")
    }


def test_an_overlong_text_is_cut_before_it_waits(app: Flask) -> None:
    import_rows(*(one | {"description": "x" * 15_000} for one in TWO))

    assert [len(one.person["description"]) for one in waiting() if one.person] == [4_000] * 2


def test_a_preview_keeps_nothing(app: Flask) -> None:
    diff = imports.preview(order(*TWO).staged, by=None)

    assert len(diff.matters) == 1
    assert counted(QuarantinedRow) == 0
