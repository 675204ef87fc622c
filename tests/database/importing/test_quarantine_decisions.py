"""What a coordinator decides about a waiting row happens as the import would have done it, once, and is audited."""

from datetime import date

import pytest
from flask import Flask
from sqlalchemy import select

from app.actions import events, quarantine
from app.actions.events import EventOrder
from app.database import session
from app.errors import Conflict, InvalidTransition, NotAllowed, NotFound, StaleRecord
from app.models import (
    AuditEvent,
    Caseload,
    FieldSource,
    OutgoingMail,
    Prisoner,
    PrisonerEvent,
    PrisonerSource,
    QuarantinedRow,
)
from app.partial_date import PartialDate
from app.permissions import Viewer
from app.queries import quarantine as queries
from app.queries.accounts import viewer_of
from app.queries.quarantine import Likeness
from app.transaction import transaction
from app.vocabulary import DetentionStatus, EventType, LeaveOutReason, MatchState, Publicity, QuarantineState
from tests.database.importing.lists import AS_OF, LATER, import_rows, row
from tests.database.importing.waiting import counted, new, out, same, waiting
from tests.factories import fresh, make_coordinator, make_match, make_prisoner, make_quarantined_row

TWO = (row(1), row(2, url=row(1)["url"]))


@pytest.fixture
def by(app: Flask) -> Viewer:
    return viewer_of(make_coordinator(roles=["programme"]))


def actions_on(entity: str) -> list[str]:
    events_of = select(AuditEvent.action).where(AuditEvent.entity == entity)
    return list(session().scalars(events_of.order_by(AuditEvent.number)))


def test_somebody_new_becomes_the_record_that_the_import_would_have_made(by: Viewer) -> None:
    import_rows(row(1), by=by)
    import_rows(row(8, name="Imported Alena"), row(9, url=row(8)["url"]), source="other", by=by)
    usual = session().scalars(select(Prisoner)).one()

    made = new(waiting()[0], by=by)

    assert made.name == "Imported Alena"
    for field in ("birth_date", "sentence", "sentence_years", "articles", "facility_id", "story", "detention_status",
                  "reads", "godparent_seats", "letter_writer_seats", "country", "publicity"):  # fmt: skip
        assert getattr(made, field) == getattr(usual, field), field
    assert session().scalars(select(Caseload.account_id).where(Caseload.prisoner_id == made.id)).all() == [
        by.account_id
    ]
    sources = select(PrisonerSource).where(PrisonerSource.prisoner_id == made.id)
    [known] = session().scalars(sources)
    assert (known.source, known.source_id, known.source_url) == ("other", "8", row(8)["url"])
    said = session().scalars(select(FieldSource).where(FieldSource.prisoner_id == made.id)).all()
    assert {(one.source, one.as_of) for one in said} == {("other", AS_OF)}


def test_the_same_person_is_changed_as_the_import_would_have_changed_them(by: Viewer) -> None:
    import_rows(row(7, decision="2 years"))
    held = session().scalars(select(Prisoner)).one()
    import_rows(row(1, name="Vydumka-7 Alena", decision="9 years"), row(2, url=row(1)["url"]), as_of=LATER)

    same(waiting()[0], held, by=by)

    assert (fresh(held).sentence, held.sentence_years) == ("9 years", 9)
    origins = select(FieldSource).where(
        FieldSource.prisoner_id == held.id, FieldSource.field.in_(["sentence", "story"])
    )
    assert {(one.source, one.as_of) for one in session().scalars(origins)} == {("viasna", LATER)}
    assert counted(Prisoner) == 1


def test_what_a_coordinator_wrote_is_not_overruled_by_a_decided_row(by: Viewer) -> None:
    held = make_prisoner(sentence="6 years", story=None)
    import_rows(*TWO)

    same(waiting()[0], held, by=by)

    assert (fresh(held).sentence, held.story) == ("6 years", "Teacher")


def test_a_row_that_is_left_out_changes_nothing(by: Viewer) -> None:
    import_rows(*TWO)

    out(waiting()[0], by=by)

    assert (counted(Prisoner), len(waiting())) == (0, 1)


@pytest.mark.parametrize("decide", ["same", "new", "out"])
def test_p5_nothing_of_what_a_decided_row_said_stays(by: Viewer, decide: str) -> None:
    held = make_prisoner()
    import_rows(*(one | {"description": "CANARY"} for one in TWO))
    one = waiting()[0]

    {"same": lambda: same(one, held, by=by), "new": lambda: new(one, by=by), "out": lambda: out(one, by=by)}[decide]()

    kept = fresh(one)
    assert kept.person is None
    stored = " ".join(str(getattr(kept, column.key)) for column in QuarantinedRow.__table__.columns)
    assert [word for word in ("CANARY", "Vydumka", "1980-01", "example.org") if word in stored] == []


def test_each_decision_is_signed_and_audited_with_what_it_did(by: Viewer) -> None:
    held = make_prisoner()
    import_rows(*TWO, row(3, id="2"))
    first, second, third = waiting()

    same(first, held, by=by)
    made = new(second, by=by)
    out(third, by=by)

    states = [QuarantineState.SAME_PERSON, QuarantineState.NEW_PERSON, QuarantineState.LEFT_OUT]
    assert [fresh(one).state for one in (first, second, third)] == states
    assert [one.prisoner_id for one in (first, second, third)] == [held.id, made.id, None]
    assert {one.decided_by for one in (first, second, third)} == {by.account_id}
    assert third.reason is LeaveOutReason.SAID_TWICE
    decided = ["decide_same_person", "decide_new_person", "decide_left_out"]
    assert actions_on("quarantined_row") == ["quarantine"] * 3 + decided
    assert actions_on("prisoner") == ["change", "add"]
    signed = session().scalars(select(AuditEvent.by_account_id).where(AuditEvent.action.like("decide%")))
    assert set(signed) == {by.account_id}


@pytest.mark.parametrize(
    ("changes", "status", "notice"),
    [
        ({"status": "former", "release_date": "2026-10-10"}, DetentionStatus.RELEASED, "released"),
        ({"died": "2026-10-10"}, DetentionStatus.DIED_IN_CUSTODY, "condolence"),
    ],
)
def test_a_row_that_tells_of_a_release_or_death_has_all_its_consequences(
    by: Viewer, changes: dict[str, str], status: DetentionStatus, notice: str
) -> None:
    held = make_prisoner(name="Vydumka-1 Alena")
    active, proposed = make_match(prisoner=held, state=MatchState.ACTIVE), make_match(prisoner=held)
    import_rows(*(one | changes for one in TWO))
    one = waiting()[0]

    [ahead] = quarantine.foreseen(one, queries.people([held.id]), by=by)
    same(one, held, by=by)

    assert ahead.effects is not None
    assert (ahead.effects.ended, ahead.effects.withdrawn, ahead.effects.told) == (1, 1, 1)
    assert fresh(held).detention_status is status
    assert [fresh(match).state for match in (active, proposed)] == [MatchState.ENDED, MatchState.WITHDRAWN]
    assert session().scalars(select(OutgoingMail.message)).all() == [notice]
    event = session().scalars(select(PrisonerEvent)).one()
    assert (event.happened_on, event.recorded_by) == (date(2026, 10, 10), by.account_id)


def test_whoever_is_not_held_now_becomes_no_record(by: Viewer) -> None:
    import_rows(TWO[0], TWO[1] | {"status": "former"})

    with pytest.raises(Conflict, match="no record is made"):
        new(waiting()[1], by=by)

    assert counted(Prisoner) == 0


def test_two_new_people_who_share_a_mark_are_two_and_one_of_them_bears_it(by: Viewer) -> None:
    import_rows(*TWO)

    for one in waiting():
        new(one, by=by)

    marks = session().execute(select(PrisonerSource.source_id, PrisonerSource.source_url).order_by("source_id")).all()
    assert [tuple(mark) for mark in marks] == [("1", row(1)["url"]), ("2", None)]


def test_the_mark_of_somebody_else_is_not_taken_from_them(by: Viewer) -> None:
    import_rows(row(1), row(2))
    owner, other = session().scalars(select(Prisoner).order_by(Prisoner.name)).all()
    import_rows(row(2, url=row(1)["url"]), as_of=LATER)

    same(waiting()[0], other, by=by)

    marks = session().execute(select(PrisonerSource.prisoner_id, PrisonerSource.source_url)).all()
    assert {tuple(mark) for mark in marks} == {(owner.id, row(1)["url"]), (other.id, row(2)["url"])}


def test_the_publicity_of_the_import_is_given_by_whoever_imported(by: Viewer) -> None:
    importer = viewer_of(make_coordinator(roles=["programme"]))
    import_rows(*TWO, by=importer, publicity=Publicity.SPONSORS_ONLY, basis="family_consented")

    made = new(waiting()[0], by=by)

    assert (made.publicity, made.publicity_by) == (Publicity.SPONSORS_ONLY, importer.account_id)


def test_whom_a_row_may_mean_is_said_with_the_reasons(by: Viewer) -> None:
    cyrillic = make_prisoner(name="Алена Выдумка", name_latin=None, name_cyrillic="Алена Выдумка")
    both = make_prisoner(name="Vydumka Alena", name_cyrillic=None, birth_date=PartialDate(1980, 1, 31))
    make_prisoner(name="Vydumka Alena Long", name_latin=None, name_cyrillic=None)
    import_rows(row(1, name="Somebody Else"))
    marked = session().scalars(select(Prisoner).where(Prisoner.name == "Somebody Else")).one()
    import_rows(row(5, id="1", name="Vydumka Alena"), row(6, url=row(5)["url"]))

    found = {one.held.key: one.why for one in queries.possible(waiting()[0])}

    assert found == {
        marked.id: (Likeness.SAME_MARK,),
        both.id: (Likeness.SAME_NAME_AND_BIRTH,),
        cyrillic.id: (Likeness.SAME_NAME_AND_BIRTH,),
    }


def test_whoever_another_row_of_the_clash_became_may_be_meant(by: Viewer) -> None:
    import_rows(row(1, id=""), row(2, id="", url=row(1)["url"]))
    made = new(waiting()[0], by=by)

    [one] = queries.possible(waiting()[0])

    assert (one.held.key, one.why) == (made.id, (Likeness.SAME_MARK, Likeness.SAME_CLASH))


def test_c4_somebody_new_is_refused_once_others_may_be_meant(by: Viewer) -> None:
    import_rows(*TWO)
    first, second = waiting()
    seen = quarantine.digest_of(queries.possible(second))
    new(first, by=by)

    with pytest.raises(StaleRecord):
        new(second, by=by, seen_people=seen)

    assert counted(Prisoner) == 1


def test_c4_a_record_that_changed_meanwhile_is_not_written_over(by: Viewer) -> None:
    held = make_prisoner()
    import_rows(*TWO)

    with pytest.raises(StaleRecord):
        same(waiting()[0], held, by=by, seen_prisoner_version=held.version - 1)
    with pytest.raises(StaleRecord):
        same(waiting()[0], held, by=by, seen_version=0)

    assert len(waiting()) == 2


def test_a_prisoner_who_is_no_longer_there_is_refused_clearly(by: Viewer) -> None:
    held = make_prisoner()
    import_rows(*TWO)

    with pytest.raises(Conflict, match="no longer in the records"):
        same(waiting()[0], held, by=by, prisoner_id="aaaaaaaaaaaaaaaa")

    assert len(waiting()) == 2


def test_c1_a_decided_row_is_not_decided_again(by: Viewer) -> None:
    held = make_prisoner()
    one = make_quarantined_row(state=QuarantineState.LEFT_OUT, reason=LeaveOutReason.MISTAKE)

    with pytest.raises(InvalidTransition, match="decided about this row already"):
        same(one, held, by=by)
    with pytest.raises(InvalidTransition, match="decided about this row already"):
        out(one, by=by)


def test_nobody_decides_who_may_not_import(app: Flask, by: Viewer) -> None:
    coordinator = viewer_of(make_coordinator(caseload=[held := make_prisoner()]))
    one = make_quarantined_row()

    for decide in (
        lambda: same(one, held, by=coordinator),
        lambda: new(one, by=coordinator),
        lambda: out(one, by=coordinator),
        lambda: quarantine.forget(one.id, by=coordinator),
        lambda: quarantine.foreseen(one, [], by=coordinator),
    ):
        with pytest.raises(NotAllowed):
            decide()

    assert queries.find(coordinator, one.id) is None
    assert queries.number_waiting(coordinator) == 0
    assert queries.waiting(coordinator, number=1).items == []
    assert queries.group(coordinator, one.group_id) == queries.last_decisions(coordinator) == []


def test_a_row_that_is_not_there_is_not_found(by: Viewer) -> None:
    with pytest.raises(NotFound), transaction():
        quarantine.leave_out("aaaaaaaaaaaaaaaa", reason=LeaveOutReason.MISTAKE, by=by, seen_version=1)


def test_a_death_on_record_stays_whatever_the_row_says(by: Viewer) -> None:
    recorder = viewer_of(make_coordinator(roles=["coordinator", "programme"]))
    held = make_prisoner(name="Vydumka-1 Alena")
    order = EventOrder(prisoner_id=held.id, type=EventType.DEATH, day=date(2026, 10, 1), source="a colleague")
    with transaction():
        events.record(order, by=recorder)
    import_rows(*TWO)

    same(waiting()[0], fresh(held), by=by)

    assert fresh(held).detention_status is DetentionStatus.DIED_IN_CUSTODY
