"""Uploads: what is kept, for whom and how long; and that only what was shown is applied."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from app import clock
from app.actions import uploads
from app.actions.list_orders import ListOptions, order_of, source_name
from app.actions.uploads import Preview, Unexplained
from app.clock import today
from app.database import session
from app.errors import BadInput, NotAllowed, NotFound, StaleRecord
from app.models import Account, ImportUpload, Prisoner
from app.permissions import Viewer
from app.queries import accounts
from app.queries import uploads as upload_queries
from app.transaction import transaction
from app.vocabulary import Publicity, PublicityBasis
from tests.database.importing.lists import as_csv, import_rows, row
from tests.database.importing.waiting import new, out, waiting
from tests.factories import make_coordinator, make_prisoner, make_upload

OPTIONS = ListOptions(source="viasna", as_of=date(2026, 11, 1))


@pytest.fixture
def importer(app: Flask) -> Account:
    return make_coordinator(roles=["programme"])


@pytest.fixture
def by(importer: Account) -> Viewer:
    return accounts.viewer_of(importer)


def shown(upload: ImportUpload, by: Viewer) -> Preview:
    found = uploads.preview(upload, by=by)
    assert isinstance(found, Preview)
    return found


def apply(upload_id: str, seen: Preview, by: Viewer, *, digest: str | None = None) -> None:
    with transaction():
        uploads.apply(upload_id, read=seen.order, seen_digest=digest or seen.digest, by=by)


def kept_ids() -> list[str]:
    session().rollback()
    return list(session().scalars(select(ImportUpload.id)))


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"format": "csv", "mapping": {"Who": "name"}, "country": "RU"},
        {"publicity": Publicity.PUBLIC, "basis": PublicityBasis.FAMILY_CONSENTED},
    ],
)
def test_options_come_back_as_they_were_written_down(changes: Mapping[str, Any]) -> None:
    options = ListOptions(source="viasna", as_of=date(2026, 11, 1), **changes)

    assert ListOptions.from_json(options.as_json()) == options


@pytest.mark.parametrize("name", ["", "  ", "x" * 61, "vias\x00na", "vias\u202ena"])
def test_a_source_that_cannot_be_kept_is_refused(name: str) -> None:
    with pytest.raises(BadInput, match="1 to 60"):
        source_name(name)


def test_a_kept_list_is_its_owners_alone_and_for_an_hour(by: Viewer) -> None:
    other = accounts.viewer_of(make_coordinator(roles=["programme"]))
    with transaction():
        kept = uploads.keep(as_csv([row()]), filename="list.csv", options=OPTIONS, by=by)

    assert upload_queries.find(by, kept) is not None
    assert upload_queries.find(other, kept) is None
    assert [upload.id for upload in upload_queries.waiting(by)] == [kept]
    assert upload_queries.waiting(other) == []
    with clock.at(clock.now() + timedelta(hours=1)):
        assert upload_queries.find(by, kept) is None
        assert upload_queries.any_expired()


def test_keeping_a_list_deletes_everybodys_old_ones(importer: Account, by: Viewer) -> None:
    other = make_coordinator(roles=["programme"])
    make_upload(by=other, uploaded_at=clock.now() - timedelta(hours=2))

    with transaction():
        kept = uploads.keep(as_csv([row()]), filename="list.csv", options=OPTIONS, by=by)

    assert kept_ids() == [kept]


def test_only_a_few_lists_of_one_person_wait(importer: Account, by: Viewer) -> None:
    for _ in range(uploads.MOST_WAITING):
        make_upload(by=importer)

    with pytest.raises(BadInput, match="wait already"), transaction():
        uploads.keep(as_csv([row()]), filename="list.csv", options=OPTIONS, by=by)

    assert len(kept_ids()) == uploads.MOST_WAITING


def test_f4_a_file_name_is_kept_as_one_line_that_hides_nothing(by: Viewer) -> None:
    with transaction():
        kept = uploads.keep(b"", filename="a\r\nb\u2028c\u202ed\x00" + "x" * 300, options=OPTIONS, by=by)

    found = upload_queries.find(by, kept)
    assert found is not None
    assert found.filename.startswith("a b cdxxx")
    assert len(found.filename) == 200


@pytest.mark.parametrize("heading", ["Wh\x00o", "Wh\ud800o"])
def test_f2_a_mapping_that_no_database_keeps_is_refused(heading: str) -> None:
    options = ListOptions(source="viasna", as_of=date(2026, 11, 1), mapping={heading: "ignored", "name": "name"})

    with pytest.raises(BadInput, match="cannot be kept"):
        uploads.check(b"name\nVydumka\n", filename="list.csv", options=options)


def test_unknown_headings_are_told_in_the_order_of_the_file(importer: Account, by: Viewer) -> None:
    upload = make_upload(by=importer)

    assert uploads.preview(upload, by=by) == Unexplained(("Who", "Born"))
    assert uploads.unexplained(upload) == Unexplained(("Who", "Born"))
    uploads.check(upload.content, filename=upload.filename, options=ListOptions.from_json(upload.options))


def test_the_digest_is_of_every_consequence(importer: Account, by: Viewer) -> None:
    upload = make_upload(by=importer, content=as_csv([row(1), row(2)]))
    before = shown(upload, by)
    make_prisoner(name_latin="Somebody Else")
    same = shown(upload, by)
    make_prisoner(name="Vydumka-1 Alena", name_latin="Vydumka-1 Alena", name_cyrillic=None)
    held = shown(upload, by)

    country = Preview(order_of(upload.content, filename="list.csv", options=_options(country="RU")), before.diff)

    assert same.digest == before.digest
    assert len({before.digest, held.digest, country.digest}) == 3


def test_the_digest_is_also_of_what_decided_rows_change(importer: Account, by: Viewer) -> None:
    clash = row(1), row(2, url=row(1)["url"])
    import_rows(*clash, source="invented")
    made = new(waiting()[0], by=by)
    out(waiting()[0], by=by)
    upload = make_upload(by=importer, content=as_csv(one | {"decision": "9 years"} for one in clash))
    before = shown(upload, by)

    with transaction():
        session().get_one(Prisoner, made.id).sentence = "9 years"

    assert [change.field for row in before.diff.settled for change in row.changes] == ["sentence", "sentence_years"]
    assert shown(upload, by).digest != before.digest


def _options(**changes: Any) -> ListOptions:
    return ListOptions(**{"source": "invented", "as_of": date(2026, 11, 1)} | changes)


def test_a_list_that_would_keep_everybody_waiting_is_for_the_command(
    importer: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(uploads, "MOST_ROWS", 2)
    uploads.check(as_csv([row(1), row(2)]), filename="list.csv", options=OPTIONS)

    with pytest.raises(BadInput, match="3 rows are too many for this page, which takes 2"):
        uploads.check(as_csv([row(1), row(2), row(3)]), filename="list.csv", options=OPTIONS)


@pytest.mark.parametrize(("ahead", "taken"), [(1, True), (364, False)])
def test_a_list_of_next_year_is_a_slip(importer: Account, ahead: int, taken: bool) -> None:
    options = _options(as_of=today() + timedelta(days=ahead))

    if taken:
        order_of(as_csv([row()]), filename="list.csv", options=options)
    else:
        with pytest.raises(BadInput, match="far ahead: check the year"):
            order_of(as_csv([row()]), filename="list.csv", options=options)


def test_what_was_not_shown_is_not_applied_and_the_list_stays(importer: Account, by: Viewer) -> None:
    upload = make_upload(by=importer, content=as_csv([row()]))
    upload_id, seen = upload.id, shown(upload, by)

    with pytest.raises(StaleRecord):
        apply(upload_id, seen, by, digest="0" * 64)

    assert kept_ids() == [upload_id]
    assert session().scalars(select(Prisoner)).first() is None


def test_applying_forgets_the_list(importer: Account, by: Viewer) -> None:
    upload = make_upload(by=importer, content=as_csv([row()]))
    upload_id, seen = upload.id, shown(upload, by)

    apply(upload_id, seen, by)

    assert kept_ids() == []
    assert len(session().scalars(select(Prisoner)).all()) == 1
    with pytest.raises(NotFound):
        apply(upload_id, seen, by)


def test_z2_nobody_applies_changes_or_throws_away_anothers_list(importer: Account, by: Viewer) -> None:
    upload = make_upload(by=make_coordinator(roles=["programme"]), content=as_csv([row()]))
    upload_id, seen = upload.id, shown(upload, by)

    for act in (
        lambda: apply(upload_id, seen, by),
        lambda: _in_transaction(uploads.throw_away, upload_id, by=by),
        lambda: _in_transaction(uploads.change_options, upload_id, OPTIONS, by=by),
    ):
        with pytest.raises(NotFound):
            act()

    assert kept_ids() == [upload_id]
    assert session().scalars(select(Prisoner)).first() is None


def _in_transaction(act: Any, *arguments: Any, **more: Any) -> None:
    with transaction():
        act(*arguments, **more)


def test_whoever_may_not_import_keeps_sees_and_applies_nothing(app: Flask) -> None:
    coordinator = make_coordinator()
    upload = make_upload(by=coordinator, content=as_csv([row()]))
    upload_id, by = upload.id, accounts.viewer_of(coordinator)
    order = order_of(upload.content, filename="list.csv", options=OPTIONS)

    for act in (
        lambda: uploads.preview(upload, by=by),
        lambda: _in_transaction(uploads.keep, b"", filename="x", options=OPTIONS, by=by),
        lambda: _in_transaction(uploads.apply, upload_id, read=order, seen_digest="", by=by),
        lambda: _in_transaction(uploads.change_options, upload_id, OPTIONS, by=by),
    ):
        with pytest.raises(NotAllowed):
            act()

    assert kept_ids() == [upload_id]
