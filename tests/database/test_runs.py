"""A matching run on the records: what it keeps, what it leaves alone, what it withdraws."""

from datetime import date
from unittest.mock import Mock

import pytest
from flask import Flask
from sqlalchemy import event, select

from app import matching
from app.actions import matches, runs
from app.database import session
from app.errors import NotAllowed
from app.extensions import db
from app.models import AuditEvent, Match, MatchingRun
from app.queries import matching as facts
from app.queries.accounts import viewer_of
from app.transaction import transaction
from app.vocabulary import DetentionStatus, MatchState, StaffRole, SupportKind
from tests.factories import fresh, make_coordinator, make_match, make_prisoner, make_sponsor

LETTERS = SupportKind.LETTER_WRITER
DAY = date(2026, 11, 22)


def run(kind: SupportKind = LETTERS) -> runs.ComputedRun:
    computed = runs.compute(kind, DAY)
    with transaction():
        runs.store(computed, by=None)
    return computed


def states() -> list[tuple[str, str, MatchState]]:
    query = select(Match.prisoner_id, Match.sponsor_id, Match.state).order_by(Match.proposed_at, Match.id)
    return [(row.prisoner_id, row.sponsor_id, row.state) for row in session().execute(query)]


def test_a_run_proposes_with_its_reasons_and_keeps_its_proof(app: Flask) -> None:
    prisoner, sponsor = make_prisoner(facts=["serious_illness"]), make_sponsor()

    computed = run()

    match = session().scalars(select(Match)).one()
    assert (match.prisoner_id, match.sponsor_id, match.state) == (prisoner.id, sponsor.id, MatchState.PROPOSED)
    assert match.fit == 1 + sum(match.terms.values())
    assert match.terms["language"] == 30
    stored = session().scalars(select(MatchingRun)).one()
    assert (stored.objective["points"], stored.policy_version) == (computed.plan.objective.points, 1)
    assert computed.optimal


def test_the_same_facts_give_the_same_digest_and_the_same_proposals(app: Flask) -> None:
    for _ in range(4):
        make_prisoner()
        make_sponsor()
    first, second = runs.compute(LETTERS, DAY), runs.compute(LETTERS, DAY)

    assert first.input_digest == second.input_digest
    assert first.plan == second.plan


def test_a_run_begins_near_the_last_one_of_its_kind(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    for _ in range(3):
        make_prisoner()
        make_sponsor()
    asked = Mock(wraps=matching.solve)
    monkeypatch.setattr(matching, "solve", asked)

    first = run()
    run(SupportKind.GODPARENT)
    second = run()

    begun_near = [call.kwargs["near"] for call in asked.call_args_list]
    assert begun_near == [None, None, first.plan.certificate]
    assert first.plan.certificate.capacity or first.plan.certificate.seats or first.plan.certificate.seat_points
    assert second.plan.pairs == first.plan.pairs


def test_a_second_run_keeps_what_still_holds_and_an_open_page_stays_valid(app: Flask) -> None:
    make_prisoner()
    make_sponsor()
    run()
    (before,) = session().execute(select(Match.id, Match.version, Match.run_id)).all()

    run()

    (after,) = session().execute(select(Match.id, Match.version, Match.run_id)).all()
    assert (after.id, after.version) == (before.id, before.version)
    assert after.run_id != before.run_id


def test_a_proposal_that_no_longer_holds_is_withdrawn_and_audited(app: Flask) -> None:
    prisoner = make_prisoner()
    make_sponsor()
    run()
    with transaction():
        fresh(prisoner).held = True

    run()

    match = session().scalars(select(Match)).one()
    assert match.state is MatchState.WITHDRAWN
    trail = list(session().scalars(select(AuditEvent).order_by(AuditEvent.number)))
    assert [(entry.action, entry.entity_id) for entry in trail][-1] == ("withdraw", match.id)


@pytest.mark.parametrize("state", [MatchState.APPROVED, MatchState.ACTIVE, MatchState.PAUSED, MatchState.REFUSED])
def test_what_was_decided_is_never_touched_nor_proposed_again(app: Flask, state: MatchState) -> None:
    match = make_match(prisoner=make_prisoner(), sponsor=make_sponsor(), state=state)

    run()

    assert states() == [(match.prisoner_id, match.sponsor_id, state)]


def test_what_is_decided_while_a_run_is_solved_is_left_alone(app: Flask) -> None:
    proposal = make_match(prisoner=make_prisoner(), sponsor=make_sponsor())
    computed = runs.compute(LETTERS, DAY)
    by = viewer_of(make_coordinator(roles=[StaffRole.COORDINATOR, StaffRole.PROGRAMME]))
    with transaction():
        matches.approve(match_id=proposal.id, by=by, seen_version=proposal.version)

    with transaction():
        runs.store(computed, by=None)

    assert states() == [(proposal.prisoner_id, proposal.sponsor_id, MatchState.APPROVED)]


def test_the_two_kinds_do_not_meet(app: Flask) -> None:
    make_prisoner()
    make_sponsor(support_kind=SupportKind.GODPARENT)

    assert run(LETTERS).plan.pairs == ()
    assert run(SupportKind.GODPARENT).plan.pairs == ()  # sponsors-only cases get no godparent: their name is not public


def test_the_released_are_not_even_counted_as_alone(app: Flask) -> None:
    make_prisoner(detention_status=DetentionStatus.RELEASED)

    assert run().uncovered_by_tier == [0] * 6


def test_a_run_needs_the_programme_permission(app: Flask) -> None:
    computed = runs.compute(LETTERS, DAY)

    with pytest.raises(NotAllowed), transaction():
        runs.store(computed, by=viewer_of(make_coordinator()))


def test_a_run_reads_with_the_same_few_statements_whatever_the_size(app: Flask) -> None:
    counts = []
    for size in (2, 12):
        for _ in range(size):
            make_match(prisoner=make_prisoner(facts=["disability"]), sponsor=make_sponsor(), state=MatchState.ACTIVE)
        counts.append(statements_of_a_sheet())

    assert counts[0] == counts[1] <= 10


def statements_of_a_sheet() -> int:
    seen: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        seen.append(statement)

    event.listen(db.engine, "before_cursor_execute", note)
    facts.fact_sheet(LETTERS, DAY)
    event.remove(db.engine, "before_cursor_execute", note)
    return len([statement for statement in seen if statement.startswith("SELECT")])
