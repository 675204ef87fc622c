"""The makers themselves: what they make is whole, on both databases."""

from datetime import date

import pytest
from flask import Flask
from sqlalchemy import func, select, update

from app.database import session
from app.extensions import db
from app.models import Account, Caseload, Match, Prisoner
from app.permissions import Permission, allowed
from app.queries.accounts import by_email, viewer_of
from app.transaction import transaction
from app.vocabulary import Fact, LanguageLevel, MatchState, Publicity, StaffRole, VettingState
from tests.factories import fresh, make_coordinator, make_match, make_prisoner, make_run, make_sponsor


@pytest.mark.parametrize("state", MatchState)
def test_a_match_is_made_in_every_state_with_what_led_there(app: Flask, state: MatchState) -> None:
    match = make_match(state=state)

    assert fresh(match).state is state
    assert match.prisoner.publicity is Publicity.SPONSORS_ONLY
    assert match.sponsor.vetting_state is VettingState.VETTED


def test_a_sponsor_brings_an_account_that_may_act(app: Flask) -> None:
    sponsor = make_sponsor(email="Somebody@example.org", languages={"be": "basic"})

    found = by_email("somebody@EXAMPLE.org")

    assert found is sponsor.account
    assert allowed(viewer_of(found), Permission.OWN_HOME)
    assert [(row.language, row.level) for row in sponsor.languages] == [("be", LanguageLevel.BASIC)]


def test_a_coordinator_has_roles_regions_and_a_caseload(app: Flask) -> None:
    prisoner = make_prisoner(facts=[Fact.DISABILITY])

    account = make_coordinator(roles=["coordinator", "programme"], regions=["DE"], caseload=[prisoner])

    assert account.staff_roles == {StaffRole.COORDINATOR, StaffRole.PROGRAMME}
    assert account.region_codes == {"DE"}
    assert session().scalars(select(Caseload.prisoner_id)).all() == [prisoner.id]
    assert [fact.as_of for fact in prisoner.facts] == [date(2026, 1, 1)]


def test_makers_join_the_transaction_that_is_open(app: Flask) -> None:
    def make_and_fail() -> None:
        with transaction():
            make_match(run=make_run())
            raise LookupError

    with pytest.raises(LookupError):
        make_and_fail()

    for table in (Account, Prisoner, Match):
        assert session().scalar(select(func.count()).select_from(table)) == 0


def test_fresh_shows_what_somebody_else_wrote(app: Flask) -> None:
    prisoner = make_prisoner(letter_writer_seats=5)
    assert prisoner.letter_writer_seats == 5
    with db.engine.begin() as somebody_else:
        somebody_else.execute(update(Prisoner).values(letter_writer_seats=7))

    assert fresh(prisoner).letter_writer_seats == 7
