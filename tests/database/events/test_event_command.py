"""`flask prisoners event`: what outsiders rely on (docs/commands.md)."""

import pytest
from flask import Flask
from sqlalchemy import func, select

from app.database import session
from app.models import Prisoner, PrisonerEvent
from app.vocabulary import DetentionStatus, MatchState
from tests.database.cli.runner import answer, refusal, run
from tests.factories import fresh, make_account, make_coordinator, make_facility, make_match, make_prisoner

BY = ("--by", "zoja@example.org")
NOW = ("--now", "2026-11-22T12:00")


@pytest.fixture
def prisoner(app: Flask) -> Prisoner:
    """Somebody of the caseload of zoja@example.org."""
    held = make_prisoner()
    make_coordinator(email="zoja@example.org", caseload=[held])
    return held


def recorded() -> int:
    session().rollback()
    return session().scalar(select(func.count()).select_from(PrisonerEvent)) or 0


def test_one_object_says_what_was_recorded_and_what_followed(app: Flask, prisoner: Prisoner) -> None:
    match = make_match(prisoner=prisoner, state=MatchState.ACTIVE)
    make_match(prisoner=prisoner)

    said = answer(app, "prisoners", "event", prisoner.id, "--type", "release", *BY, *NOW)

    event = session().scalars(select(PrisonerEvent)).one()
    assert said == {
        "event": event.id, "prisoner": prisoner.id, "type": "release", "date": "2026-11-22", "ended": 1,
        "withdrawn": 1, "active_again": 0, "told": 1, "mails_stopped": 0,
    }  # fmt: skip
    assert event.source == "coordinator"
    assert fresh(match).state is MatchState.ENDED


def test_day_facility_and_source_are_kept_and_a_line_says_so(app: Flask, prisoner: Prisoner) -> None:
    place = make_facility()
    given = ("--date", "2026-11-01", "--facility", place.id, "--source", "a colleague")

    result = run(app, "prisoners", "event", prisoner.id, "--type", "transfer", *given, *BY, *NOW)

    event = session().scalars(select(PrisonerEvent)).one()
    assert (str(event.happened_on), event.facility_id, event.source) == ("2026-11-01", place.id, "a colleague")
    assert (result.exit_code, result.stdout.splitlines()) == (
        0,
        ["Recorded. 0 matches ended, 0 proposals and offers withdrawn, 0 matches active again, 0 sponsors told, "
         "0 mails stopped."],
    )  # fmt: skip


@pytest.mark.parametrize(
    ("given", "code"),
    [
        (("--type", "release", "--date", "2026-11-23"), 2),
        (("--type", "release", "--date", "yesterday"), 2),
        (("--type", "release", "--source", " "), 2),
        (("--type", "release", "--facility", "aaaabbbbccccdddd"), 2),
        (("--type", "exile"), 2),
        ((), 2),
        (("--type", "return"), 1),
    ],
)
def test_what_cannot_be_recorded_ends_with_one_line_and_changes_nothing(
    app: Flask, prisoner: Prisoner, given: tuple[str, ...], code: int
) -> None:
    assert refusal(app, "prisoners", "event", prisoner.id, *given, *BY, *NOW)[0] == code
    assert recorded() == 0
    assert fresh(prisoner).detention_status is DetentionStatus.CONVICTED


def test_c4_the_same_event_twice_is_said_no_to(app: Flask, prisoner: Prisoner) -> None:
    again = ("prisoners", "event", prisoner.id, "--type", "transfer", *BY, *NOW)
    answer(app, *again)

    assert refusal(app, *again) == (1, "Error: This event is recorded already.")
    assert recorded() == 1


@pytest.mark.parametrize("who", ["nobody", "administrator", "other caseload", "disabled", "not staff"])
def test_z5_permission_and_caseload_of_by_hold(app: Flask, prisoner: Prisoner, who: str) -> None:
    changes = {"disabled_at": fresh(prisoner).created_at} if who == "disabled" else {}
    if who == "not staff":
        make_account(email="ihar@example.org")
    elif who != "nobody":
        caseload = [make_prisoner()] if who == "other caseload" else [prisoner]
        roles = ["administrator"] if who == "administrator" else ["coordinator"]
        make_coordinator(email="ihar@example.org", caseload=caseload, roles=roles, **changes)

    code, _line = refusal(app, "prisoners", "event", prisoner.id, "--type", "death", "--by", "ihar@example.org")

    assert code == 1
    assert recorded() == 0


def test_an_id_that_nobody_has_is_said_no_to(app: Flask, prisoner: Prisoner) -> None:
    code, line = refusal(app, "prisoners", "event", "aaaabbbbccccdddd", "--type", "death", *BY)

    assert (code, line) == (1, "Error: There is no such prisoner.")
