"""The database's own refusals: capacity, seats and pairs hold even for a writer that asks nobody (C2)."""

import pytest
from flask import Flask
from sqlalchemy import update
from sqlalchemy.exc import IntegrityError

from app.database import session
from app.errors import CapacityExceeded, SeatsTaken
from app.models import Match, Prisoner, Sponsor
from app.transaction import transaction
from app.vocabulary import MatchState, SupportKind
from tests.factories import fresh, make_match, make_prisoner, make_sponsor


def test_c2_a_live_match_beyond_capacity_is_refused(app: Flask) -> None:
    sponsor = make_sponsor(capacity=1)
    make_match(sponsor=sponsor, state=MatchState.ACTIVE)

    with pytest.raises(CapacityExceeded):
        make_match(sponsor=sponsor, state=MatchState.APPROVED)


def test_c2_a_live_match_beyond_the_seats_of_its_kind_is_refused(app: Flask) -> None:
    prisoner = make_prisoner(letter_writer_seats=1, godparent_seats=1)
    make_match(prisoner=prisoner, state=MatchState.ACTIVE)
    make_match(prisoner=prisoner, state=MatchState.ACTIVE, kind=SupportKind.GODPARENT)

    with pytest.raises(SeatsTaken):
        make_match(prisoner=prisoner, state=MatchState.PAUSED)


def test_c2_a_match_that_becomes_live_is_counted(app: Flask) -> None:
    sponsor = make_sponsor(capacity=1)
    make_match(sponsor=sponsor, state=MatchState.ACTIVE)
    proposal = make_match(sponsor=sponsor)

    with pytest.raises(CapacityExceeded), transaction():
        session().execute(update(Match).where(Match.id == proposal.id).values(state=MatchState.PAUSED))


def test_a_live_match_moves_on_when_capacity_was_lowered_below_what_is_carried(app: Flask) -> None:
    sponsor = make_sponsor(capacity=2)
    matches = [make_match(sponsor=sponsor, state=MatchState.ACTIVE) for _ in range(2)]

    with transaction():
        session().execute(update(Sponsor).where(Sponsor.id == sponsor.id).values(capacity=0))
    with transaction():
        session().execute(update(Match).where(Match.id == matches[0].id).values(state=MatchState.PAUSED))

    assert fresh(matches[0]).state is MatchState.PAUSED


def test_proposals_take_nothing(app: Flask) -> None:
    sponsor = make_sponsor(capacity=1)

    proposals = [make_match(sponsor=sponsor) for _ in range(3)]

    assert {match.state for match in proposals} == {MatchState.PROPOSED}


def test_a_pair_has_one_undecided_or_live_match_of_either_kind(app: Flask) -> None:
    first = make_match()

    with pytest.raises(IntegrityError):
        make_match(prisoner=first.prisoner, sponsor=first.sponsor, kind=SupportKind.GODPARENT)


def test_a_refused_pair_may_be_matched_again_by_hand(app: Flask) -> None:
    first = make_match(state=MatchState.REFUSED)

    second = make_match(prisoner=first.prisoner, sponsor=first.sponsor)

    assert second.id != first.id


def test_publicity_beyond_the_coordinators_needs_its_basis(app: Flask) -> None:
    prisoner = make_prisoner()

    with pytest.raises(IntegrityError, match="publicity_has_basis"), transaction():
        session().execute(update(Prisoner).where(Prisoner.id == prisoner.id).values(publicity_basis=None))
