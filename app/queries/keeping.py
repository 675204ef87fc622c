"""Sponsors who need a coordinator: silent ones, mandates that end, years without an answer, offers that lapsed."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Select, and_, exists, func, or_, select
from sqlalchemy.orm import aliased, contains_eager

from app.clock import now, today
from app.models import Account, Match, OutgoingMail, Prisoner, Reminder, SilentMatch, Sponsor
from app.permissions import Viewer
from app.queries.paging import Page, page_of
from app.queries.scope import prisoners_of, sponsors_of
from app.reminders import ANSWER_TO_DESK_AFTER, MANDATE_MARKS, OFFER_LASTS, QUIET_FOR_DESK, ReminderKind
from app.vocabulary import NO_LONGER_HELD, MatchState, OutgoingState, VettingState

ROWS = 50
LATELY = timedelta(days=30)
TAKEN_UP = (MatchState.ACTIVE, MatchState.PAUSED)
ASKED_TWICE = 2


@dataclass(frozen=True, kw_only=True)
class Due:
    """The first rows of each list, and how long each is."""

    quiet: Page[Match]
    mandates: Page[Match]
    unanswered: Page[Sponsor]
    lapsed: Page[Match]


def due(viewer: Viewer) -> Due:
    """What the coordinator's lists of sponsors to look after show."""
    both = contains_eager(Match.sponsor), contains_eager(Match.prisoner)
    by_sign, by_end = func.coalesce(Sponsor.last_sign_on, func.date(Sponsor.created_at)), Sponsor.mandate_ends
    return Due(
        quiet=_first(_quiet(viewer).order_by(by_sign, Match.id).options(*both)),
        mandates=_first(_mandates(viewer).order_by(by_end, Match.id).options(*both)),
        unanswered=page_of(_unanswered(viewer).order_by(Sponsor.id), Sponsor.id, number=1, size=ROWS),
        lapsed=_first(_lapsed(viewer).order_by(Match.decided_at.desc(), Match.id).options(*both)),
    )


def _first(query: Select[Match]) -> Page[Match]:
    return page_of(query, Match.id, number=1, size=ROWS)


def quiet_ids(viewer: Viewer) -> Select[str]:
    """Selects the matches of whom nobody has heard for too long, for a count among others."""
    return _quiet(viewer).with_only_columns(Match.id)


def mandate_ids(viewer: Viewer) -> Select[str]:
    """Selects the matches whose sponsor's mandate ends soon or has ended."""
    return _mandates(viewer).with_only_columns(Match.id)


def unanswered_ids(viewer: Viewer) -> Select[str]:
    """Selects the sponsors who have not answered the yearly question."""
    return _unanswered(viewer).with_only_columns(Sponsor.id)


def lapsed_ids(viewer: Viewer) -> Select[str]:
    """Selects the offers that have lapsed lately."""
    return _lapsed(viewer).with_only_columns(Match.id)


def _matches(viewer: Viewer) -> Select[Match]:
    return select(Match).join(Match.sponsor).join(Match.prisoner).where(sponsors_of(viewer), prisoners_of(viewer))


def _quiet(viewer: Viewer) -> Select[Match]:
    """As `app.reminders` reckons it: a month after the softer mail; whoever takes a pause is not silent."""
    since = today() - QUIET_FOR_DESK
    return _matches(viewer).where(
        Match.state == MatchState.ACTIVE,
        Prisoner.detention_status.not_in(NO_LONGER_HELD),
        _last_before(since),
        or_(Sponsor.paused_at.is_(None), Sponsor.resumes_on <= since),
        ~exists().where(SilentMatch.match_id == Match.id),
    )


def _last_before(day: object) -> ColumnElement[bool]:
    midnight = datetime.combine(day, datetime.min.time(), now().tzinfo)  # type: ignore[arg-type]
    return or_(Sponsor.last_sign_on <= day, and_(Sponsor.last_sign_on.is_(None), Sponsor.created_at <= midnight))


def _mandates(viewer: Viewer) -> Select[Match]:
    """They stay until somebody has taken over, or the match has ended."""
    return _matches(viewer).where(Match.state.in_(TAKEN_UP), Sponsor.mandate_ends <= today() + max(MANDATE_MARKS))


def _unanswered(viewer: Viewer) -> Select[Sponsor]:
    """Who was asked twice since they last said yes, the second time some weeks ago."""
    here = Sponsor.vetting_state == VettingState.VETTED, Account.disabled_at.is_(None)
    return select(Sponsor).join(Sponsor.account).where(sponsors_of(viewer), *here, Account.id.in_(_asked_twice()))


def _asked_twice() -> Select[str]:
    """The accounts concerned: read from the questions that went, which are far fewer than sponsors."""
    asked = aliased(Sponsor)
    return (
        select(OutgoingMail.account_id)
        .join(Reminder, Reminder.mail_id == OutgoingMail.id)
        .join(asked, asked.account_id == OutgoingMail.account_id)
        .where(
            OutgoingMail.state == OutgoingState.SENT,
            Reminder.kind == ReminderKind.RE_CONSENT,
            Reminder.left_out.is_(None),
            or_(asked.consented_on.is_(None), OutgoingMail.sent_at > asked.consented_on),
        )
        .group_by(OutgoingMail.account_id)
        .having(func.count() >= ASKED_TWICE, func.max(OutgoingMail.sent_at) <= now() - ANSWER_TO_DESK_AFTER)
    )


def _lapsed(viewer: Viewer) -> Select[Match]:
    since = now() - OFFER_LASTS - LATELY
    return _matches(viewer).where(Match.state == MatchState.LAPSED, Match.decided_at >= since)
