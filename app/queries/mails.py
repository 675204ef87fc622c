"""The outbox as it stands, and what decides at the moment of sending whether a mail may still go."""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta

from sqlalchemy import bindparam, exists, func, select

from app.clock import today
from app.database import session
from app.models import Account, AddressChange, Match, OutgoingMail, Sponsor
from app.queries import explanations
from app.vocabulary import MatchState, OutgoingState, VettingState

LONGEST_PAUSE = timedelta(minutes=15)

# Asked before each mail goes, so the statements are made once.
_FAILED = (
    select(OutgoingMail.id)
    .where(
        OutgoingMail.account_id == bindparam("account"),
        OutgoingMail.state == OutgoingState.FAILED,
        OutgoingMail.reason == bindparam("why"),
        OutgoingMail.message.not_in(bindparam("elsewhere", expanding=True)),
        ~exists().where(
            AddressChange.account_id == OutgoingMail.account_id, AddressChange.confirmed_at > OutgoingMail.created_at
        ),
    )
    .limit(1)
)
_VETTING = select(Sponsor.vetting_state).where(Sponsor.account_id == bindparam("account"))


def counts() -> dict[OutgoingState, int]:
    """How many mails stand in each state, those with none included."""
    found = session().execute(select(OutgoingMail.state, func.count()).group_by(OutgoingMail.state))
    return dict.fromkeys(OutgoingState, 0) | {state: count for state, count in found}


def in_doubt() -> Sequence[OutgoingMail]:
    """The mails of which only a person can say whether they went, oldest first."""
    waiting = select(OutgoingMail).where(OutgoingMail.state == OutgoingState.IN_DOUBT).order_by(OutgoingMail.due_at)
    return session().scalars(waiting).all()


def paused_until(moment: datetime, troubles: Sequence[str]) -> datetime | None:
    """Until when the queue is paused: while a mail waits for one of these troubles, which are our server's own.

    A mail that waits longer than any pause lasts was put there by a clock that was set, and pauses nobody.
    """
    return session().scalar(
        select(func.max(OutgoingMail.due_at)).where(
            OutgoingMail.state == OutgoingState.WAITING,
            OutgoingMail.due_at > moment,
            OutgoingMail.due_at <= moment + LONGEST_PAUSE,
            OutgoingMail.reason.in_(troubles),
        )
    )


def failed_before(account_id: str, *, reason: str, elsewhere: Collection[str]) -> bool:
    """Whether a mail to the mailbox that this account has now failed for good for this reason.

    `elsewhere`: the messages that go to another mailbox than the account's.
    """
    asked = {"account": account_id, "why": reason, "elsewhere": sorted(elsewhere)}
    return session().scalar(_FAILED, asked) is not None


def why_not_vetting(account: Account, decision: VettingState) -> str | None:
    """Why a sponsor must not be told of a decision on their vetting now, or None."""
    if account.email_confirmed_at is None:
        return "address_unconfirmed"
    state = session().scalar(_VETTING, {"account": account.id})
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
