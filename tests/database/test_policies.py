"""Policies: new versions only, one winner, an audit event that names what changed; a dry run that writes nothing."""

import threading
from collections.abc import Callable
from dataclasses import replace
from datetime import date

import pytest
from flask import Flask
from sqlalchemy import func, select

from app.actions import policies as policy_actions
from app.actions import runs
from app.database import session
from app.errors import Conflict, NotAllowed, StaleRecord
from app.matching import DEFAULT_POLICY, Policy
from app.matching.policy import FitPoints, TierPoints
from app.models import AuditEvent, Base, Match, MatchingRun
from app.models import Policy as PolicyRow
from app.permissions import Viewer
from app.queries import dry_runs, policies
from app.queries.accounts import viewer_of
from app.transaction import transaction
from app.vocabulary import StaffRole, SupportKind
from tests.factories import make_administrator, make_coordinator, make_policy, make_prisoner, make_sponsor

LETTERS = SupportKind.LETTER_WRITER
DAY = date(2026, 11, 22)
STEADIER = Policy(fit=FitPoints(steadiness_two_years=9))
DISABILITY_FIRST = Policy(tier=TierPoints(disability=6, serious_illness=1))


def put(policy: Policy, by: Viewer | None = None, *, seen_version: int | None = None) -> int:
    by = by or viewer_of(make_administrator())
    with transaction():
        return policy_actions.put_into_force(policy, by=by, seen_version=seen_version or policies.current().version)


def rows() -> list[PolicyRow]:
    session().rollback()
    return list(session().scalars(select(PolicyRow).order_by(PolicyRow.version)))


def count(model: type[Base]) -> int:
    return session().scalar(select(func.count()).select_from(model)) or 0


def test_the_default_is_in_force_as_version_1_before_anybody_put_one_there(app: Flask) -> None:
    (only,) = policies.versions()

    assert (policies.current(), policies.current().version) == (DEFAULT_POLICY, 1)
    assert (only.number, only.policy, only.since, only.by) == (1, DEFAULT_POLICY, None, None)
    assert policies.of_version(1) == DEFAULT_POLICY
    assert policies.of_version(2) is None


def test_a_policy_put_into_force_is_a_new_version_and_the_old_one_stands_as_it_was(app: Flask) -> None:
    administrator = make_administrator(email="ada@example.org")

    version = put(STEADIER, viewer_of(administrator))

    newest, first = policies.versions()
    assert (version, policies.current(), policies.current().version) == (2, STEADIER, 2)
    assert (newest.number, newest.by, newest.policy) == (2, "ada@example.org", STEADIER)
    assert newest.since is not None
    assert (first.number, first.by, first.policy) == (1, None, DEFAULT_POLICY)


def test_the_audit_trail_names_the_numbers_that_changed_and_never_their_values(app: Flask) -> None:
    put(Policy(fit=FitPoints(steadiness_two_years=9), waiting_weeks_at_most=77))

    event = session().scalars(select(AuditEvent).order_by(AuditEvent.number.desc())).first()
    assert (event.action, event.entity, event.entity_id) == ("put_into_force", "policy", "2")
    assert event.fields == ["fit.steadiness_two_years", "waiting_weeks_at_most"]


def test_an_earlier_policy_comes_back_as_a_new_version(app: Flask) -> None:
    put(STEADIER)
    earlier = policies.of_version(1)

    assert put(earlier) == 3

    assert [row.version for row in rows()] == [1, 2, 3]
    assert (policies.current(), policies.current().version) == (DEFAULT_POLICY, 3)
    assert rows()[2].body == rows()[0].body
    assert policies.of_version(2) == STEADIER


def test_the_same_policy_again_is_no_new_version(app: Flask) -> None:
    put(STEADIER)

    with pytest.raises(Conflict):
        put(replace(STEADIER, version=1))

    assert [row.version for row in rows()] == [1, 2]


@pytest.mark.parametrize("roles", [[StaffRole.COORDINATOR], [StaffRole.PROGRAMME], []])
def test_only_administrators_put_one_into_force(app: Flask, roles: list[StaffRole]) -> None:
    with pytest.raises(NotAllowed):
        put(STEADIER, viewer_of(make_coordinator(roles=roles)))

    assert rows() == []


def test_whoever_compared_with_another_version_is_told(app: Flask) -> None:
    put(STEADIER, seen_version=1)

    with pytest.raises(StaleRecord):
        put(DISABILITY_FIRST, seen_version=1)

    assert policies.current() == STEADIER


def test_c1_of_two_who_save_at_once_one_wins_and_the_other_is_told(app: Flask) -> None:
    viewers = [viewer_of(make_administrator()) for _ in range(2)]
    session().rollback()
    ready, outcomes = threading.Barrier(2), []

    def save(policy: Policy, by: Viewer) -> None:
        with app.app_context():
            ready.wait(10)
            outcomes.append(outcome_of(lambda: put(policy, by, seen_version=1)))

    threads = [
        threading.Thread(target=save, args=pair) for pair in zip((STEADIER, DISABILITY_FIRST), viewers, strict=True)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)

    assert sorted(outcomes, key=str) == [2, StaleRecord]
    assert [row.version for row in rows()] == [1, 2]


def outcome_of(act: Callable[[], int]) -> int | type[Exception]:
    try:
        return act()
    except Conflict as refused:
        return type(refused)


def test_a_run_names_the_version_it_followed_and_keeps_it_whatever_comes_after(app: Flask) -> None:
    make_prisoner()
    make_sponsor()
    put(STEADIER)
    computed = runs.compute(LETTERS, DAY)
    put(DISABILITY_FIRST)

    with transaction():
        runs.store(computed, by=None)

    match = session().scalars(select(Match)).one()
    assert (match.run.policy_version, match.terms["steadiness"]) == (2, 9)
    assert policies.current().version == 3


def test_the_first_run_keeps_the_default_as_version_1(app: Flask) -> None:
    computed = runs.compute(LETTERS, DAY)
    with transaction():
        runs.store(computed, by=None)

    assert [(row.version, row.created_by) for row in rows()] == [(1, None)]
    assert session().scalars(select(MatchingRun.policy_version)).one() == 1


def test_a_body_from_before_versions_were_numbers_is_read_under_its_number(app: Flask) -> None:
    make_policy(version=1, body={**DEFAULT_POLICY.to_dict(), "version": "default"})

    assert (policies.current(), policies.current().version) == (DEFAULT_POLICY, 1)


def test_a_dry_run_says_who_gains_and_loses_and_writes_nothing(app: Flask) -> None:
    ill, disabled = make_prisoner(facts=["serious_illness"]), make_prisoner(facts=["disability"])
    make_sponsor(capacity=1)
    before = {model: count(model) for model in all_tables()}

    found = dry_runs.dry_run(LETTERS, DAY, DISABILITY_FIRST)

    assert [person.id for person in found.newly_covered] == [disabled.id]
    assert [person.id for person in found.newly_alone] == [ill.id]
    assert {model: count(model) for model in all_tables()} == before
    assert not session().new
    assert not session().dirty


def all_tables() -> list[type[Base]]:
    return [mapper.class_ for mapper in Base.registry.mappers]


def test_a_dry_run_is_what_the_run_then_does(app: Flask) -> None:
    for fact in ("serious_illness", "disability"):
        make_prisoner(facts=[fact])
    make_sponsor(capacity=1)
    foreseen = dry_runs.dry_run(LETTERS, DAY, DISABILITY_FIRST)

    put(DISABILITY_FIRST)
    computed = runs.compute(LETTERS, DAY)

    assert computed.plan.objective == foreseen.after.objective
    assert {pair[0] for pair in computed.plan.pairs} == {shift.prisoner_id for shift in foreseen.new}
