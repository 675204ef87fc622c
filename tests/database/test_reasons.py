"""What a run leaves to be explained, and what is said of it once the world has moved on."""

from dataclasses import replace
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select

from app.actions import matches as match_actions
from app.actions import runs
from app.clock import today
from app.database import session
from app.errors import NotFound
from app.matching import Loss
from app.models import AuditEvent, LeftAlone, Match, MatchingRun, RunnerUp
from app.permissions import Viewer
from app.queries import exact, reasons
from app.queries.accounts import viewer_of
from app.queries.exact import NoFigure, exact_loss
from app.transaction import transaction
from app.vocabulary import MatchState, StaffRole, SupportKind
from tests.factories import (
    Rivals,
    fresh,
    make_coordinator,
    make_match,
    make_policy,
    make_prisoner,
    make_rivals,
    make_sponsor,
    make_stored_run,
    writing,
)
from tests.statements import statements

LETTERS = SupportKind.LETTER_WRITER


def count(model: type) -> int:
    return session().scalar(select(func.count()).select_from(model)) or 0


def a_viewer(*regions: str) -> Viewer:
    roles = [StaffRole.COORDINATOR, StaffRole.PROGRAMME]
    return viewer_of(make_coordinator(roles=roles, regions=regions or ["*"]))


def proposal_of(rivals: Rivals) -> Match:
    return session().scalars(select(Match).where(Match.sponsor_id == rivals.first.id)).one()


def of_second(rivals: Rivals) -> reasons.PairReasons:
    return reasons.of_pair(rivals.prisoner.id, rivals.second.id, day=today())


def exactly(rivals: Rivals) -> Loss | NoFigure:
    return exact_loss(rivals.prisoner.id, rivals.second.id, kind=LETTERS, day=today())


def test_a_run_keeps_who_would_have_been_next_and_at_what_cost(app: Flask) -> None:
    rivals = make_rivals()

    run = make_stored_run()

    row = session().scalars(select(RunnerUp)).one()
    assert (row.run_id, row.prisoner_id, row.sponsor_id) == (run.id, rivals.prisoner.id, rivals.second.id)
    assert (row.first_supporters, row.points) == (0, 10)


def test_a_run_keeps_whom_it_leaves_alone_with_tier_and_counts_by_country(app: Flask) -> None:
    alone = make_prisoner(facts=["serious_illness", "hunger_strike"], facility=None, reads=["be"])
    make_sponsor(country="FR")
    make_sponsor(country="DE", held=True)

    run = make_stored_run()

    row = session().scalars(select(LeftAlone)).one()
    assert (row.run_id, row.prisoner_id, row.tier) == (run.id, alone.id, 0)
    assert row.sponsors == {"FR": {"language": 1}, "DE": {"language": 1}}
    assert sum(run.uncovered_by_tier) == 1


def test_the_next_run_of_the_kind_throws_the_reasons_of_the_one_before_away(app: Flask) -> None:
    make_rivals()
    make_prisoner(held=True)
    other_kind = make_stored_run(kind=SupportKind.GODPARENT)
    older = make_stored_run()

    newer = make_stored_run()

    assert {row.run_id for row in session().scalars(select(RunnerUp))} == {newer.id}
    assert {row.run_id for row in session().scalars(select(LeftAlone))} == {newer.id, other_kind.id}
    kept = {run.id: run.fingerprints for run in session().scalars(select(MatchingRun))}
    assert kept[older.id] is None
    assert len(kept[newer.id] or []) == len(kept[other_kind.id] or []) + 2 == 4
    assert fresh(older).prices is None


def test_a_run_that_is_not_known_to_be_the_best_names_nobody_and_no_price(app: Flask) -> None:
    rivals = make_rivals()
    computed = replace(runs.compute(LETTERS, today()), optimal=False)
    with transaction():
        runs.store(computed, by=None)

    found = of_second(rivals)

    assert count(RunnerUp) == 0
    assert found.run is not None
    assert found.then is None


def test_a_plan_that_was_cut_short_leaves_alone_whoever_it_no_longer_proposes(app: Flask) -> None:
    rivals = make_rivals()
    computed = runs.compute(LETTERS, today())
    with transaction():
        runs.store(replace(computed, plan=replace(computed.plan, pairs=()), optimal=False), by=None)

    assert session().scalars(select(LeftAlone.prisoner_id)).all() == [rivals.prisoner.id]


def test_right_after_a_run_nobody_has_changed_and_the_loss_is_the_runs(app: Flask) -> None:
    rivals = make_rivals()
    run = make_stored_run()

    found = of_second(rivals)

    assert found.run is not None
    assert found.run.id == run.id
    assert found.then is not None
    assert (found.then.holds, found.then.policy_changed) == (True, False)
    assert found.then.explanation.loss_at_least == Loss(0, 10)
    assert found.then.explanation.scarce == ("seats",)


def test_what_the_run_proposed_is_said_to_be_proposed(app: Flask) -> None:
    rivals = make_rivals()
    make_stored_run()

    found = reasons.of_pair(rivals.prisoner.id, rivals.first.id, day=today())

    assert found.then is not None
    assert found.then.explanation.proposed
    assert found.then.explanation.loss_at_least is None


def test_before_any_run_only_the_facts_speak(app: Flask) -> None:
    rivals = make_rivals()

    found = of_second(rivals)

    assert (found.run, found.then, found.now.rule) == (None, None, None)


def test_whoever_changed_since_the_run_is_named(app: Flask) -> None:
    rivals = make_rivals()
    make_stored_run()
    with writing():
        fresh(rivals.second).held = True

    found = of_second(rivals)

    assert found.then is not None
    assert (found.then.prisoner_changed, found.then.sponsor_changed) == (False, True)
    assert found.now.rule is not None
    assert found.now.rule.name == "held"


def test_a_seat_that_was_taken_since_is_a_change_of_the_prisoner(app: Flask) -> None:
    rivals = make_rivals(letter_writer_seats=2)
    make_stored_run()
    make_match(prisoner=rivals.prisoner, state=MatchState.ACTIVE)

    found = of_second(rivals)

    assert found.then is not None
    assert (found.then.prisoner_changed, found.then.sponsor_changed) == (True, False)


def test_somebody_who_came_after_the_run_is_not_called_unchanged(app: Flask) -> None:
    rivals = make_rivals()
    make_stored_run()
    newcomer = make_sponsor()

    found = reasons.of_pair(rivals.prisoner.id, newcomer.id, day=today())

    assert found.then is not None
    assert (found.then.prisoner_changed, found.then.sponsor_changed) == (False, True)


def test_another_policy_since_is_named_and_the_loss_stays_by_the_runs_own(app: Flask) -> None:
    rivals = make_rivals()
    make_stored_run()
    make_policy(version=2, body={"fit": {"language_basic": 29}})

    found = of_second(rivals)

    assert found.then is not None
    assert (found.then.holds, found.then.policy_changed) == (True, True)
    assert found.then.explanation.loss_at_least == Loss(0, 10)
    assert found.now.terms["language"] == 29


def test_who_was_not_possible_on_the_day_of_the_run_has_no_loss_in_it(app: Flask) -> None:
    rivals = make_rivals(second={"available_from": today()})
    make_stored_run(day=today() - timedelta(days=3))

    found = of_second(rivals)

    assert found.now.rule is None
    assert found.then is not None
    assert found.then.explanation.rule is not None
    assert found.then.explanation.loss_at_least is None


def test_ids_of_nobody_are_not_found(app: Flask) -> None:
    rivals = make_rivals()
    make_stored_run()

    with pytest.raises(NotFound, match="SPONSOR"):
        reasons.of_pair(rivals.prisoner.id, "nobody", day=today())
    with pytest.raises(NotFound, match="PRISONER"):
        reasons.of_pair("nobody", rivals.second.id, day=today())


def test_the_exact_figure_is_solved_anew_and_nothing_is_written(app: Flask) -> None:
    rivals = make_rivals()
    make_stored_run()
    before = [count(model) for model in (Match, MatchingRun, RunnerUp, AuditEvent)]

    with statements() as sent:
        found = exactly(rivals)

    assert found == Loss(0, 10)
    assert not [statement for statement in sent if not statement.startswith(("SELECT", "BEGIN"))]
    assert [count(model) for model in (Match, MatchingRun, RunnerUp, AuditEvent)] == before


def test_the_exact_figure_follows_the_facts_as_they_stand(app: Flask) -> None:
    rivals = make_rivals()
    make_stored_run()
    with writing():
        fresh(rivals.first).held = True

    assert exactly(rivals) == Loss(0, 0)


def test_a_pair_that_no_rule_lets_through_has_no_figure(app: Flask) -> None:
    rivals = make_rivals(second={"held": True})

    assert exactly(rivals) is NoFigure.IMPOSSIBLE


def test_too_many_people_are_refused_before_they_are_read(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    rivals = make_rivals()
    monkeypatch.setattr(exact, "MOST_PAIRS", 1)

    with statements() as sent:
        assert exactly(rivals) is NoFigure.TOO_LARGE

    assert not [statement for statement in sent if "sponsor_language" in statement]


def test_one_figure_at_a_time_and_the_next_one_after_it(app: Flask) -> None:
    rivals = make_rivals()
    with exact._one_at_a_time:
        assert exactly(rivals) is NoFigure.BUSY

    assert exactly(rivals) == Loss(0, 10)


def test_z5_of_a_runner_up_of_another_region_nothing_is_read_but_the_loss(app: Flask) -> None:
    rivals = make_rivals(second={"country": "FR"})
    make_stored_run()

    found = reasons.of_proposal(a_viewer("DE"), proposal_of(rivals), day=today())

    assert found.next_best is not None
    assert (found.next_best.sponsor, found.next_best.reasons, found.next_best.is_gone) == (None, None, False)
    assert found.next_best.loss_at_least == Loss(0, 10)


def test_a_runner_up_of_ones_own_region_comes_with_reasons(app: Flask) -> None:
    rivals = make_rivals()
    make_stored_run()

    found = reasons.of_proposal(a_viewer("DE"), proposal_of(rivals), day=today())

    assert found.next_best is not None
    assert found.next_best.sponsor is not None
    assert found.next_best.sponsor.id == rivals.second.id
    assert found.next_best.reasons is not None
    assert found.next_best.reasons.now.terms["language"] == 20


def test_a_runner_up_who_is_erased_leaves_no_name_and_is_said_to_be_gone(app: Flask) -> None:
    rivals = make_rivals()
    make_stored_run()
    with writing():
        session().delete(fresh(rivals.second))
    match = proposal_of(rivals)

    found = reasons.of_proposal(a_viewer(), match, day=today())
    line = reasons.next_in_line(a_viewer(), [match])[match.run_id, match.prisoner_id]

    assert found.next_best is not None
    assert (found.next_best.sponsor, found.next_best.is_gone) == (None, True)
    assert line is not None
    assert (line.name, line.is_gone) == (None, True)


def test_that_nobody_else_was_possible_is_known_and_that_no_run_says_so_too(app: Flask) -> None:
    make_rivals(second={"held": True})
    make_stored_run()
    by_run = session().scalars(select(Match)).one()
    by_hand = make_match()

    known = reasons.next_in_line(a_viewer(), [by_run, by_hand])

    assert known == {(by_run.run_id, by_run.prisoner_id): None}
    assert reasons.of_proposal(a_viewer(), by_run, day=today()).next_is_known
    assert not reasons.of_proposal(a_viewer(), by_hand, day=today()).next_is_known


def test_a_decision_after_the_run_leaves_the_runner_up_of_that_run_as_it_was(app: Flask) -> None:
    rivals = make_rivals()
    make_stored_run()
    match = proposal_of(rivals)
    viewer = a_viewer()
    with transaction():
        match_actions.approve(match_id=match.id, by=viewer, seen_version=match.version)

    found = reasons.of_proposal(viewer, fresh(match), day=today())

    assert found.next_best is not None
    assert found.next_best.loss_at_least == Loss(0, 10)
    assert found.next_best.reasons is not None
    # leaving the approved match itself out of the count, the prisoner is as the run saw them
    assert found.next_best.reasons.then is not None
    assert found.next_best.reasons.then.holds


def test_the_runners_up_of_a_whole_page_take_one_question(app: Flask) -> None:
    viewer = a_viewer()
    for _ in range(3):
        make_rivals(first={"country": "FR"})
    make_stored_run()
    proposals = list(session().scalars(select(Match)))
    assert len(proposals) == 3

    with statements() as sent:
        found = reasons.next_in_line(viewer, proposals)

    assert len([statement for statement in sent if statement.startswith("SELECT")]) == 1
    assert len(found) == 3


def test_a_pair_is_explained_with_the_same_few_questions_whatever_the_size(app: Flask) -> None:
    rivals = make_rivals()
    make_stored_run()
    counted = []
    for size in (0, 12):
        for _ in range(size):
            make_match(state=MatchState.ACTIVE)
        make_stored_run()
        session().expire_all()
        with statements() as sent:
            of_second(rivals)
        counted.append(len([statement for statement in sent if statement.startswith("SELECT")]))

    assert counted[0] == counted[1] <= 14
