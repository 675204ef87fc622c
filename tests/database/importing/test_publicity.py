"""Who may know of imported people: a decision with its basis, and never the list's own."""

from datetime import UTC, date, datetime

import pytest
from flask import Flask
from sqlalchemy import select

from app import clock
from app.database import session
from app.errors import BadInput
from app.models import Prisoner
from app.partial_date import PartialDate, may_be_under_age
from app.permissions import Viewer
from app.queries.accounts import viewer_of
from app.transaction import transaction
from app.vocabulary import Publicity, PublicityBasis
from tests.database.importing.lists import LATER, import_rows, row
from tests.factories import make_coordinator

NOW = datetime(2026, 11, 22, 8, tzinfo=UTC)
GIVEN = {"publicity": Publicity.PUBLIC, "basis": PublicityBasis.RECOGNISED_ORGANISATION}


@pytest.fixture
def importer(app: Flask) -> Viewer:
    return viewer_of(make_coordinator(roles=["programme"]))


def publicities() -> list[Publicity]:
    return list(session().scalars(select(Prisoner.publicity).order_by(Prisoner.name)))


def test_given_publicity_is_recorded_with_basis_day_and_author(importer: Viewer) -> None:
    with clock.at(NOW):
        import_rows(row(), by=importer, **GIVEN)

    prisoner = session().scalars(select(Prisoner)).one()
    assert prisoner.publicity is Publicity.PUBLIC
    assert prisoner.publicity_basis is PublicityBasis.RECOGNISED_ORGANISATION
    assert (prisoner.publicity_at, prisoner.publicity_by) == (NOW, importer.account_id)


@pytest.mark.parametrize("missing", ["basis", "by"])
def test_publicity_without_basis_or_author_is_refused(importer: Viewer, missing: str) -> None:
    given = {**GIVEN, "by": importer} | {missing: None}

    with pytest.raises(BadInput):
        import_rows(row(), **given)

    assert publicities() == []


def test_who_may_be_under_18_is_known_to_sponsors_at_most(importer: Viewer) -> None:
    with clock.at(NOW):
        import_rows(
            row(1, birthday="2008-11-22"), row(2, birthday="2008-11-23"), row(3, birthday="2008"), by=importer, **GIVEN
        )

    assert publicities() == [Publicity.PUBLIC, Publicity.SPONSORS_ONLY, Publicity.SPONSORS_ONLY]


@pytest.mark.parametrize("decided", [Publicity.COORDINATORS_ONLY, Publicity.SPONSORS_ONLY])
def test_what_was_decided_about_somebody_held_stands(importer: Viewer, decided: Publicity) -> None:
    import_rows(row(), by=importer, publicity=decided, basis=PublicityBasis.FAMILY_CONSENTED)

    import_rows(row(decision="9 years"), by=importer, as_of=LATER, **GIVEN)

    assert publicities() == [decided]


def test_a_later_import_without_publicity_hides_nobody(importer: Viewer) -> None:
    import_rows(row(), by=importer, **GIVEN)

    import_rows(row(decision="9 years"), as_of=LATER)

    assert publicities() == [Publicity.PUBLIC]


@pytest.mark.parametrize(
    ("born", "minor"),
    [
        (PartialDate(2008, 11, 22), False),
        (PartialDate(2008, 11, 23), True),
        (PartialDate(2008, 11), True),
        (PartialDate(2008, 10), False),
        (PartialDate(2008), True),
        (PartialDate(2007), False),
        (PartialDate(2008, 2, 29), False),
    ],
)
def test_a_partial_birth_date_counts_as_its_latest_day(born: PartialDate, *, minor: bool) -> None:
    assert may_be_under_age(born, on=date(2026, 11, 22)) is minor


def test_the_database_itself_wants_a_basis(importer: Viewer) -> None:
    import_rows(row(), by=importer)

    def make_public() -> None:
        with transaction():
            session().scalars(select(Prisoner)).one().publicity = Publicity.PUBLIC

    with pytest.raises(Exception, match="publicity_has_basis"):
        make_public()
