"""Whose time is over, and what else is: the conditions behind the purge (`app.retention`).

Invented people are never among them, nor whoever was erased already or works here.
"""

from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Final

from sqlalchemy import ColumnElement, Select, and_, exists, func, or_, select
from sqlalchemy.orm import aliased

from app.models import (
    Account,
    Alert,
    Canary,
    Caseload,
    ExportRequest,
    Letter,
    Match,
    MatchingRun,
    OfficialAddress,
    OutgoingMail,
    QuarantinedRow,
    ReadingCount,
    Reminder,
    Sponsor,
    StaffGrant,
    StaffRegion,
)
from app.queries import accounts
from app.queries.duties import is_administrator
from app.queries.matching import newest_run
from app.reminder_words import ReminderKind
from app.retention import Category
from app.vocabulary import LIVE_STATES, MatchState, OutgoingState, QuarantineState, StaffRole, SupportKind, VettingState

OVER: Final = tuple(state for state in MatchState if state not in {MatchState.PROPOSED, *LIVE_STATES})
SETTLED: Final = (OutgoingState.SENT, OutgoingState.FAILED, OutgoingState.SUPPRESSED)
"""Mails that nobody will send any more; one in doubt waits for a person."""

NOTES: Final = (Match.decline_note_sealed, Match.refusal_note_sealed, Match.coordinator_note_sealed)


def people(category: Category, moment: datetime) -> Select[str]:
    """Selects the accounts of the people whom the category takes, for a limit in time of `moment`."""
    query = select(Account.id).outerjoin(Sponsor, Sponsor.account_id == Account.id)
    return query.where(_is_nobody_special(), PEOPLE[category](moment)).order_by(Account.id)


def _is_nobody_special() -> ColumnElement[bool]:
    """Not erased, not invented, and without a duty (`app.queries.duties`): whoever has one is waited for."""
    rows = (exists().where(table.account_id == Account.id) for table in (Canary, Caseload, StaffRegion))
    return and_(~accounts.erased(), ~_is_last_administrator(), *(~has for has in rows))


def _is_last_administrator() -> ColumnElement[bool]:
    other = aliased(Account)
    appointed = exists().where(StaffGrant.account_id == Account.id, StaffGrant.role == StaffRole.ADMINISTRATOR)
    another = exists().where(is_administrator(other), other.id != Account.id)
    return and_(appointed, ~another.correlate(Account))


def _unconfirmed(moment: datetime) -> ColumnElement[bool]:
    return and_(_only_sponsors(), Account.email_confirmed_at.is_(None), Account.created_at <= moment)


def _turned_away(moment: datetime) -> ColumnElement[bool]:
    rejected = Sponsor.vetting_state == VettingState.REJECTED
    return and_(_only_sponsors(), rejected, Sponsor.vetted_at <= moment)


def _undecided(moment: datetime) -> ColumnElement[bool]:
    return and_(_only_sponsors(), Sponsor.vetting_state == VettingState.PENDING, _not_heard_of_since(moment))


def _idle(moment: datetime) -> ColumnElement[bool]:
    return and_(_only_sponsors(), Sponsor.vetting_state == VettingState.VETTED, _not_heard_of_since(moment))


def _closed(moment: datetime) -> ColumnElement[bool]:
    """Also of staff, once somebody has taken over their work."""
    return Account.disabled_at <= moment


def _only_sponsors() -> ColumnElement[bool]:
    return and_(Sponsor.id.is_not(None), ~exists().where(StaffGrant.account_id == Account.id))


def _not_heard_of_since(moment: datetime) -> ColumnElement[bool]:
    never = and_(Sponsor.last_sign_on.is_(None), Sponsor.created_at <= moment)
    going_on = exists().where(Match.sponsor_id == Sponsor.id, Match.state.not_in(OVER))
    return and_(or_(never, Sponsor.last_sign_on <= moment.date()), ~going_on)


PEOPLE: Final[Mapping[Category, Callable[[datetime], ColumnElement[bool]]]] = {
    Category.UNCONFIRMED: _unconfirmed,
    Category.TURNED_AWAY: _turned_away,
    Category.UNDECIDED: _undecided,
    Category.LEFT: _closed,
    Category.IDLE: _idle,
}
"""For each category that ends with erasing people, whom it takes."""


def withdrawn(moment: datetime) -> ColumnElement[bool]:
    """Proposals and offers that came to nothing without anybody's no."""
    came_to_nothing = Match.state.in_((MatchState.WITHDRAWN, MatchState.LAPSED))
    return and_(came_to_nothing, func.coalesce(Match.decided_at, Match.proposed_at) <= moment)


def with_notes(moment: datetime) -> ColumnElement[bool]:
    """Matches that are over and still have notes."""
    return and_(_over_since(moment), or_(*(note.is_not(None) for note in NOTES)))


def of_erased(moment: datetime) -> ColumnElement[bool]:
    """Matches that are over, of sponsors who were erased."""
    erased = select(Sponsor.id).join(Account, Account.id == Sponsor.account_id).where(accounts.erased())
    return and_(_over_since(moment), Match.sponsor_id.in_(erased))


def _over_since(moment: datetime) -> ColumnElement[bool]:
    at = func.coalesce(Match.ended_at, Match.answered_at, Match.decided_at, Match.proposed_at)
    return and_(Match.state.in_(OVER), at <= moment)


def letters(moment: datetime) -> ColumnElement[bool]:
    """Letters of matches that have ended."""
    ended = Match.state == MatchState.ENDED, Match.ended_at <= moment
    return Letter.match_id.in_(select(Match.id).where(*ended))


def runs(moment: datetime) -> ColumnElement[bool]:
    """Matching runs but the newest of each kind and those of which a proposal waits."""
    waits = exists().where(Match.run_id == MatchingRun.id, Match.state == MatchState.PROPOSED)
    newest = (MatchingRun.id.is_distinct_from(newest_run(kind)) for kind in SupportKind)
    return and_(MatchingRun.finished_at <= moment, *newest, ~waits)


def mails(moment: datetime) -> ColumnElement[bool]:
    """Mails that went or were given up, but for a yearly question that its sponsor has not answered: it stands on the
    desk (`app.queries.keeping`)."""
    gone = or_(OutgoingMail.sent_at.is_(None), OutgoingMail.sent_at <= moment)
    asked = aliased(Sponsor)
    unanswered = exists().where(
        Reminder.mail_id == OutgoingMail.id,
        Reminder.kind == ReminderKind.RE_CONSENT,
        asked.account_id == OutgoingMail.account_id,
        or_(asked.consented_on.is_(None), func.date(OutgoingMail.sent_at) > asked.consented_on),
    )
    return and_(OutgoingMail.state.in_(SETTLED), OutgoingMail.due_at <= moment, gone, ~unanswered)


def named_addresses(moment: datetime) -> ColumnElement[bool]:
    """Official addresses that were named and never proven."""
    return and_(OfficialAddress.confirmed_at.is_(None), OfficialAddress.asked_at <= moment)


def waiting_rows(moment: datetime) -> ColumnElement[bool]:
    """Rows of lists that nobody decided about, and that no newer list has brought again."""
    waits = QuarantinedRow.state == QuarantineState.WAITING
    return and_(waits, QuarantinedRow.kept_at <= moment, QuarantinedRow.as_of <= moment.date())


def exports(moment: datetime) -> ColumnElement[bool]:
    """Requests for exports, whatever became of them."""
    return ExportRequest.asked_at <= moment


def alerts(moment: datetime) -> ColumnElement[bool]:
    """Alerts that somebody has looked at; one that nobody has seen waits."""
    return Alert.seen_at <= moment


def reading(moment: datetime) -> ColumnElement[bool]:
    """Counts of reading that the next page would begin anew."""
    last: date = moment.date()
    return ReadingCount.day <= last
