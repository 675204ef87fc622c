"""A decision about a row holds when lists bring it again, and for no other row."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from flask import Flask
from sqlalchemy import delete, select

from app import clock
from app.actions import quarantine
from app.clock import now
from app.database import session
from app.errors import Conflict
from app.models import AuditEvent, ImportRecord, Prisoner, PrisonerSource, QuarantinedRow
from app.permissions import Viewer
from app.queries import quarantine as queries
from app.queries.accounts import viewer_of
from app.transaction import transaction
from app.vocabulary import DetentionStatus, LeaveOutReason, QuarantineState
from tests.database.importing.lists import LATER, import_rows, outcomes, row
from tests.database.importing.waiting import counted, new, out, same, says, waiting
from tests.factories import fresh, make_coordinator, make_prisoner, make_quarantined_row, writing

TWO = (row(1), row(2, url=row(1)["url"]))
MUCH_LATER = date(2026, 11, 20)


@pytest.fixture
def by(app: Flask) -> Viewer:
    return viewer_of(make_coordinator(roles=["programme"]))


def sentences() -> dict[str, str | None]:
    session().rollback()
    return {name: sentence for name, sentence in session().execute(select(Prisoner.name, Prisoner.sentence))}


@pytest.mark.parametrize("decide", ["same", "new", "out"])
def test_the_same_list_again_asks_nobody_and_changes_nothing(by: Viewer, decide: str) -> None:
    held = make_prisoner(name="Held Alena")
    import_rows(*TWO)
    for one in waiting():
        {"same": lambda o: same(o, fresh(held), by=by), "new": lambda o: new(o, by=by), "out": lambda o: out(o, by=by)}[
            decide
        ](one)
    before = counted(Prisoner), counted(AuditEvent), counted(ImportRecord), fresh(held).version

    again = import_rows(*TWO)

    assert again.counts()["quarantined"] == 2
    assert outcomes(again) == {}
    assert [one.decided for one in again.quarantined] == [True, True]
    assert waiting() == []
    assert (counted(Prisoner), counted(AuditEvent), counted(ImportRecord), fresh(held).version) == before


def test_a_newer_edition_changes_whom_the_rows_were_found_to_be(by: Viewer) -> None:
    import_rows(*TWO)
    for one in waiting():
        new(one, by=by)

    diff = import_rows(TWO[0] | {"decision": "9 years"}, TWO[1] | {"decision": "2 years"}, as_of=LATER)

    assert (diff.counts()["quarantined"], outcomes(diff)) == (2, {})
    assert sentences() == {"Vydumka-1 Alena": "9 years", "Vydumka-2 Alena": "2 years"}
    assert waiting() == []


def test_a_release_in_a_newer_edition_reaches_whom_the_row_was_found_to_be(by: Viewer) -> None:
    import_rows(*TWO)
    first, second = (new(one, by=by) for one in waiting())

    import_rows(TWO[0], TWO[1] | {"status": "former", "release_date": "2026-11-10"}, as_of=LATER)

    assert fresh(first).detention_status is DetentionStatus.CONVICTED
    assert fresh(second).detention_status is DetentionStatus.RELEASED


def test_a_row_alone_later_is_whose_it_was_found_to_be_and_not_whose_mark_it_bears(by: Viewer) -> None:
    """Both rows bore one id and address, which stands with whoever was decided first."""
    rows = row(1), row(1, name="Zahadka Alena")
    import_rows(*rows)
    first, second = (new(one, by=by) for one in waiting())
    assert session().scalars(select(PrisonerSource.prisoner_id)).all() == [first.id]

    diff = import_rows(rows[1] | {"decision": "9 years"}, as_of=LATER)

    assert outcomes(diff) == {"changed": 1}
    assert (fresh(first).sentence, fresh(second).sentence) == ("4 1/2 years", "9 years")


def test_a_row_that_was_left_out_stays_out_when_it_comes_alone(by: Viewer) -> None:
    import_rows(*TWO)
    for one in waiting():
        out(one, by=by)

    diff = import_rows(row(2), as_of=LATER)

    assert (diff.counts()["quarantined"], diff.counts()["new"]) == (1, 0)
    assert (counted(Prisoner), waiting()) == (0, [])


def test_a_decided_row_is_known_by_its_id_when_its_name_is_mended(by: Viewer) -> None:
    import_rows(row(1, name="Same Name"), row(2, name="Same Name"))
    for one in waiting():
        new(one, by=by)

    diff = import_rows(row(1, name="Same Naame", decision="9 years"), row(2, name="Same Name"), as_of=LATER)

    assert (diff.counts()["new"], waiting(), counted(Prisoner)) == (0, [], 2)
    assert sorted(session().scalars(select(Prisoner.sentence))) == ["4 1/2 years", "9 years"]


def test_a_decided_row_without_ids_is_known_by_name_and_birth_date(by: Viewer) -> None:
    twins = [row(id="", url="", arrested=day) for day in ("2021-03-01", "2022-05-01")]
    import_rows(*twins)
    held = make_prisoner(name="Held Alena", story=None)
    for one in waiting():
        same(one, fresh(held), by=by)

    diff = import_rows(*(twin | {"decision": "9 years", "description": "Poet"} for twin in twins), as_of=LATER)

    assert (diff.counts()["quarantined"], waiting(), fresh(held).story) == (2, [], "Poet")


def test_twins_whose_decisions_differ_wait_again_once_they_cannot_be_told_apart(by: Viewer) -> None:
    twins = [row(id="", url="", arrested=day) for day in ("2021-03-01", "2022-05-01")]
    import_rows(*twins)
    new(waiting()[0], by=by)
    out(waiting()[0], by=by)

    import_rows(*twins)
    assert waiting() == []
    import_rows(twins[0], twins[1] | {"status": "former"}, as_of=LATER)

    assert [one.row_number for one in waiting()] == [2]
    assert session().scalars(select(Prisoner.detention_status)).all() == [DetentionStatus.CONVICTED]


def test_a_third_row_in_a_decided_clash_waits(by: Viewer) -> None:
    import_rows(*TWO)
    held = make_prisoner(name="Held Alena")
    for one in waiting():
        same(one, fresh(held), by=by)

    import_rows(*TWO, row(3, url=row(1)["url"]), as_of=LATER)

    assert [says(one) for one in waiting()] == ["Vydumka-3 Alena"]
    groups = session().scalars(select(QuarantinedRow.group_id).distinct()).all()
    assert len(groups) == 1


def test_a_twin_that_nobody_decided_about_waits_beside_the_decided_one(by: Viewer) -> None:
    twins = [row(id="", url="", arrested=day) for day in ("2021-03-01", "2022-05-01", "2023-06-01")]
    import_rows(*twins[:2])
    held = make_prisoner(name="Held Alena")
    for one in waiting():
        same(one, fresh(held), by=by)

    import_rows(*twins, as_of=LATER)

    assert [one.row_number for one in waiting()] == [3]


def test_a_mark_that_two_decided_rows_bear_leads_to_neither(by: Viewer) -> None:
    rows = row(1), row(1, name="Zahadka Alena")
    import_rows(*rows)
    for one in waiting():
        new(one, by=by)

    import_rows(row(1, name="Bajka Alena", decision="9 years"), as_of=LATER)

    assert [says(one) for one in waiting()] == ["Bajka Alena"]
    assert set(session().scalars(select(Prisoner.sentence))) == {"4 1/2 years"}


def test_two_rows_of_one_person_speak_in_the_order_of_their_decisions(by: Viewer) -> None:
    import_rows(row(7))
    held = session().scalars(select(Prisoner)).one()
    rows = row(1, decision="9 years", description="Poet"), row(2, url=row(1)["url"], decision="2 years", description="")
    import_rows(*rows, as_of=LATER)
    first, second = waiting()
    same(second, held, by=by)
    same(first, fresh(held), by=by)
    version = fresh(held).version

    import_rows(*rows, as_of=LATER)
    assert (fresh(held).version, held.sentence, held.story) == (version, "9 years", "Poet")

    import_rows(rows[0], rows[1] | {"status": "former", "release_date": "2026-11-18"}, as_of=MUCH_LATER)
    assert (fresh(held).detention_status, held.sentence) == (DetentionStatus.RELEASED, "9 years")


def test_a_row_by_itself_and_a_decided_one_of_the_same_person_are_one_change(by: Viewer) -> None:
    import_rows(row(7))
    held = session().scalars(select(Prisoner)).one()
    import_rows(*TWO)
    same(waiting()[0], held, by=by)
    out(waiting()[0], by=by)

    rows = row(7, decision="2 years"), TWO[0] | {"penalty": "colony", "decision": ""}, TWO[1]
    diff = import_rows(*rows, as_of=LATER)
    version = fresh(held).version
    again = import_rows(*rows, as_of=LATER)

    assert (outcomes(diff), outcomes(again)) == ({"changed": 1}, {"unchanged": 1})
    assert (fresh(held).sentence, held.penalty, held.version) == ("2 years", "colony", version)


def test_a_new_address_of_two_decided_rows_is_nobodys(by: Viewer) -> None:
    import_rows(row(1, url="", name="Same Name"), row(2, url="", name="Same Name"))
    for one in waiting():
        new(one, by=by)

    import_rows(*(row(n, url="https://new.example.org", name="Same Name") for n in (1, 2)), as_of=LATER)

    assert set(session().scalars(select(PrisonerSource.source_url))) == {None}


def test_f2_whoever_was_erased_does_not_come_back(by: Viewer) -> None:
    import_rows(*TWO)
    for one in waiting():
        new(one, by=by)
    with writing():
        session().execute(delete(Prisoner))

    diff = import_rows(*TWO, as_of=LATER)

    assert (diff.counts()["quarantined"], counted(Prisoner), waiting()) == (2, 0, [])


def test_a_forgotten_decision_is_asked_for_again(by: Viewer) -> None:
    import_rows(*TWO)
    one, other = waiting()
    row_id, waits_id = one.id, other.id
    out(one, by=by)

    with pytest.raises(Conflict), transaction():
        quarantine.forget(waits_id, by=by)
    with transaction():
        quarantine.forget(row_id, by=by)
    import_rows(*TWO)

    assert len(waiting()) == 2
    assert "forget_decision" in session().scalars(select(AuditEvent.action)).all()


def test_the_last_decisions_come_newest_first(by: Viewer) -> None:
    import_rows(*TWO)
    first, second = waiting()
    with clock.at(now() + timedelta(minutes=1)):
        out(first, by=by)
    with clock.at(now() + timedelta(minutes=2)):
        new(second, by=by)

    assert [one.row_number for one in queries.last_decisions(by)] == [2, 1]


def test_another_secret_knows_no_row_and_asks_again(app: Flask, by: Viewer, monkeypatch: pytest.MonkeyPatch) -> None:
    import_rows(*TWO)
    for one in waiting():
        out(one, by=by)

    monkeypatch.setitem(app.config, "VESTKA", replace(app.config["VESTKA"], secret_key="another-secret-" * 3))
    import_rows(*TWO)

    assert len(waiting()) == 2


def test_a_decided_row_and_another_may_not_be_the_same_matter(app: Flask) -> None:
    one = make_quarantined_row(state=QuarantineState.LEFT_OUT, reason=LeaveOutReason.MISTAKE)

    with pytest.raises(Exception, match=r"(?i)unique"):
        make_quarantined_row(identity=one.identity, wording=one.wording)
