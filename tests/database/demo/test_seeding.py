"""`flask demo seed`: what it prints, where it is refused, and that it invents the same people once."""

import pytest
from flask import Flask
from sqlalchemy import func, select

from app.database import session
from app.models import Account, AuditEvent, AuditHead, Match, Prisoner, PrisonerEvent, PrisonerFact, Sponsor
from app.vocabulary import MatchState
from tests.conftest import empty_database
from tests.database.cli.runner import answer, refusal
from tests.factories import make_account

EVENT_COLUMNS = ("id", "prisoner_id", "type", "happened_on", "source", "facility_id", "recorded_at", "recorded_by")
SMALLEST = ("demo", "seed", "--prisoners", "20", "--sponsors", "40")

pytestmark = pytest.mark.slow


def _count(model: type) -> int:
    return session().scalar(select(func.count()).select_from(model)) or 0


def _people() -> list[list[tuple[object, ...]]]:
    """Names, facts and ids of everybody."""
    session().rollback()
    queries = (
        select(Prisoner.id, Prisoner.name, Prisoner.name_cyrillic, Prisoner.birth_date, Prisoner.story),
        select(Sponsor.id, Sponsor.name, Sponsor.role, Sponsor.country, Sponsor.vetting_state),
        select(Match.prisoner_id, Match.sponsor_id, Match.state, Match.ended_at),
        select(*(getattr(PrisonerEvent, name) for name in EVENT_COLUMNS)),
    )  # fmt: skip
    facts = [(one.prisoner_id, one.fact, one.visibility) for one in session().scalars(select(PrisonerFact))]
    return [sorted(tuple(map(str, row)) for row in rows) for rows in (facts, *map(session().execute, queries))]


def test_it_prints_what_was_invented_and_who_can_log_in(demo: Flask) -> None:
    said = answer(demo, *SMALLEST)

    assert list(said) == ["prisoners", "sponsors", "matches", "logins"]
    assert (said["prisoners"], said["sponsors"], said["matches"]) == (20, 40, _count(Match))
    assert {tuple(login) for login in said["logins"]} == {("role", "email", "password", "totp_secret")}
    roles = [login["role"] for login in said["logins"]]
    assert (roles[:2], roles.count("coordinator"), roles.count("administrator")) == (["sponsor", "sponsor"], 3, 1)
    assert all(len(login["password"]) >= 12 for login in said["logins"])
    assert all((login["role"] == "sponsor") == (login["totp_secret"] is None) for login in said["logins"])


def test_a_second_run_changes_nothing_and_prints_the_same(demo: Flask) -> None:
    first = answer(demo, *SMALLEST)
    before = (session().scalars(select(AuditHead.digest)).one(), _people())

    second = answer(demo, "demo", "seed", "--seed", "2")

    assert second == first
    assert (session().scalars(select(AuditHead.digest)).one(), _people()) == before


def test_the_same_seed_invents_the_same_people_and_another_one_others(demo: Flask) -> None:
    moment = ("--now", "2026-11-22T09:00:00Z")
    answer(demo, *SMALLEST, *moment)
    first = _people()
    empty_database()
    answer(demo, *SMALLEST, *moment)
    again = _people()
    empty_database()
    answer(demo, *SMALLEST, *moment, "--seed", "2")

    assert again == first
    assert not set(_people()[0]) & set(first[0])


def test_a_larger_world_begins_with_the_same_people(demo: Flask) -> None:
    moment = ("--now", "2026-11-22T09:00:00Z")
    answer(demo, *SMALLEST, *moment)
    small = _people()[0]
    empty_database()
    answer(demo, "demo", "seed", "--prisoners", "25", "--sponsors", "40", *moment)

    assert set(small) < set(_people()[0])


def test_there_are_at_most_as_many_matches_as_were_asked_for(demo: Flask) -> None:
    said = answer(demo, *SMALLEST, "--matches", "40")

    assert said["matches"] == _count(Match) == 40
    assert set(session().scalars(select(Match.state))) >= {MatchState.ACTIVE, MatchState.APPROVED, MatchState.ENDED}


def test_outside_the_demo_it_is_refused(app: Flask) -> None:
    status, line = refusal(app, *SMALLEST)

    assert status == 1
    assert "VESTKA_DEMO=1" in line
    assert _count(Account) == _count(AuditEvent) == 0


def test_a_log_in_that_somebody_has_is_not_taken_from_them(demo: Flask) -> None:
    make_account(email="Administrator@example.org")

    status, line = refusal(demo, *SMALLEST)

    assert (status, _count(Account), _count(Prisoner)) == (1, 1, 0)
    assert line == "Error: administrator@example.org has an account already: seed the demo before anything else."


@pytest.mark.parametrize("wrong", [("--prisoners", "0"), ("--sponsors", "-3"), ("--matches", "-1"), ("--seed", "x")])
def test_sizes_that_make_no_world_are_refused(demo: Flask, wrong: tuple[str, str]) -> None:
    status, line = refusal(demo, "demo", "seed", *wrong)

    assert (status, _count(Account)) == (2, 0)
    assert wrong[0] in line
