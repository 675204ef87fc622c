"""The outbox as it stands, and what decides at the moment of sending whether a mail may still go."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Select, bindparam, func, select
from sqlalchemy.orm import contains_eager

from app.clock import today
from app.database import session
from app.models import Account, Match, OutgoingMail, ServerTrouble, Sponsor
from app.queries import canaries, explanations
from app.vocabulary import MatchState, OutgoingState, VettingState

LONGEST_PAUSE = timedelta(hours=4)
TO_NEW_ADDRESS = "confirm_new_address"

# Asked before each mail goes: the statements are made once, and all but records are asked past the session, which costs
# more than the answer.
_CLAIMED = (
    select(OutgoingMail, canaries.is_invented_account())
    .join(OutgoingMail.account)
    .where(OutgoingMail.id == bindparam("mail"))
    .options(contains_eager(OutgoingMail.account))
)
_VETTING = select(Sponsor.vetting_state).where(Sponsor.account_id == bindparam("account"))


@dataclass(frozen=True, slots=True)
class Claimed:
    """A mail that a worker took to send it, and whether its recipient was invented."""

    mail: OutgoingMail
    is_to_invented: bool


def claimed(mail_id: str) -> Claimed | None:
    """The mail with its account; None where it was erased with that."""
    found = session().execute(_CLAIMED, {"mail": mail_id}).one_or_none()
    return Claimed(*found) if found else None


def tells_of_nobody_else() -> ColumnElement[bool]:
    """The condition that somebody may know of a mail of theirs that it was sent.

    The one to a new address goes only where that has no account, which is nobody's to know (docs/threats.md, A2).
    """
    return OutgoingMail.message != TO_NEW_ADDRESS


def counts() -> dict[OutgoingState, int]:
    """How many mails stand in each state, those with none included."""
    found = session().execute(select(OutgoingMail.state, func.count()).group_by(OutgoingMail.state))
    return dict.fromkeys(OutgoingState, 0) | {state: count for state, count in found}


def in_doubt() -> Sequence[OutgoingMail]:
    """The mails of which only a person can say whether they went, oldest first."""
    waiting = select(OutgoingMail).where(OutgoingMail.state == OutgoingState.IN_DOUBT).order_by(OutgoingMail.due_at)
    return session().scalars(waiting).all()


def server_trouble(moment: datetime) -> ServerTrouble | None:
    """Why the whole queue is paused at that moment, and until when; None while it runs."""
    return session().scalar(pausing(moment))


def pausing(moment: datetime) -> Select[ServerTrouble]:
    """The trouble that pauses the whole queue at that moment.

    A pause longer than any was made by a clock that was set, and holds nobody.
    """
    return select(ServerTrouble).where(
        ServerTrouble.paused_until > moment, ServerTrouble.paused_until <= moment + LONGEST_PAUSE
    )


def why_not_vetting(account: Account, decision: VettingState) -> str | None:
    """Why a sponsor must not be told of a decision on their vetting now, or None."""
    if account.email_confirmed_at is None:
        return "address_unconfirmed"
    state = session().connection().execute(_VETTING, {"account": account.id}).scalar()
    return None if state is decision else "vetting_changed"


def why_not_offer(match_id: str | None) -> str | None:
    """Why a match must not be offered to its sponsor now: it is no offer any more, or the hard rule that forbids it."""
    match = session().get(Match, match_id) if match_id else None
    if match is None or match.state is not MatchState.APPROVED:
        return "match_changed"
    explanation = explanations.of_pair(
        match.prisoner_id, match.sponsor_id, day=today(), kind=match.kind, leaving_out=match.id
    )
    return explanation.rule.name if explanation.rule else None
