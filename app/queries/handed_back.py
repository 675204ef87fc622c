"""Whom sponsors who left handed back to the coordinators."""

from datetime import timedelta

from sqlalchemy import Select, exists, select
from sqlalchemy.orm import aliased, contains_eager, load_only

from app.clock import now
from app.database import session
from app.models import Match, Prisoner, Sponsor
from app.permissions import Viewer
from app.queries.paging import some_of
from app.queries.scope import prisoners_of, sponsors_of
from app.vocabulary import LIVE_STATES, NO_LONGER_HELD, EndReason, MatchState

FEW = 12
LATELY = timedelta(days=30)


def _all_of(viewer: Viewer) -> Select[Match]:
    """Matches that ended lately because the sponsor left or was erased, with nobody for the seat since."""
    following = aliased(Match)
    followed = exists().where(
        following.prisoner_id == Match.prisoner_id,
        following.kind == Match.kind,
        following.state.in_(LIVE_STATES),
        following.decided_at >= Match.ended_at,
    )
    return (
        select(Match)
        .join(Match.sponsor)
        .join(Match.prisoner)
        .where(
            sponsors_of(viewer),
            prisoners_of(viewer),
            Match.state == MatchState.ENDED,
            Match.end_reason.in_((EndReason.SPONSOR_LEFT, EndReason.ERASED)),
            Match.ended_at >= now() - LATELY,
            Prisoner.detention_status.not_in(NO_LONGER_HELD),
            ~followed,
        )
    )


def ids(viewer: Viewer) -> Select[str]:
    """Selects which matches they are, for a count among others."""
    return _all_of(viewer).with_only_columns(Match.id)


def newest(viewer: Viewer) -> list[Match]:
    """The coordinator's matches that a leaving sponsor handed back, and that nobody has taken up; the newest first."""
    query = (
        _all_of(viewer)
        .options(
            load_only(Match.id, Match.kind, Match.ended_at, Match.prisoner_id, Match.sponsor_id, raiseload=True),
            contains_eager(Match.sponsor).load_only(Sponsor.name, raiseload=True),
            contains_eager(Match.prisoner).load_only(Prisoner.name, Prisoner.name_latin, raiseload=True),
        )
        .order_by(Match.ended_at.desc(), Match.id)
    )
    return list(session().scalars(some_of(query, Match.id, count=FEW)))
