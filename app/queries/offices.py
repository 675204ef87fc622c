"""Who acts for a sponsor, and whether mail goes to them in the sponsor's place."""

from collections.abc import Sequence
from typing import Final

from sqlalchemy import bindparam, or_, select
from sqlalchemy.orm import selectinload

from app.clock import now
from app.database import session
from app.models import Account, Office, OutgoingMail, Sponsor
from app.permissions import Viewer
from app.queries import suppressions
from app.retention import Category, period

INVITATION_LASTS: Final = period(Category.INVITATIONS)
"""An hour would be over before a colleague looks into their mail, and a weekend lies between Friday and Monday.
Longer, the link would lie about in a mailbox for nothing: the sponsor can always invite again."""

# Asked before most mails go, so the statement is made once.
_READER = (
    select(Account)
    .join(Office, Office.account_id == Account.id)
    .join(Sponsor, Sponsor.id == Office.sponsor_id)
    .where(
        Sponsor.account_id == bindparam("account"),
        Office.gets_mails,
        Office.joined_at.is_not(None),
        Account.email_confirmed_at.is_not(None),
        Account.disabled_at.is_(None),
    )
)


def of_sponsor(sponsor_id: str) -> Sequence[Office]:
    """Who acts for the sponsor, and the invitations that may still be followed; the oldest first."""
    standing = or_(Office.joined_at.is_not(None), Office.invited_at > now() - INVITATION_LASTS)
    query = select(Office).where(Office.sponsor_id == sponsor_id, standing).options(selectinload(Office.account))
    return session().scalars(query.order_by(Office.invited_at, Office.id)).all()


def own(viewer: Viewer, office_id: str) -> Office | None:
    """One of the sponsor's own offices."""
    if viewer.is_office or viewer.sponsor_id is None:
        return None
    return session().scalar(select(Office).where(Office.id == office_id, Office.sponsor_id == viewer.sponsor_id))


def invitation_of(account_id: str) -> Office | None:
    """The invitation to an account that nobody has followed yet, while it may be."""
    waiting = Office.joined_at.is_(None), Office.invited_at > now() - INVITATION_LASTS
    return session().scalar(select(Office).where(Office.account_id == account_id, *waiting))


def reader_of(mail: OutgoingMail) -> Account:
    """Whose mailbox a mail about the sponsor's work goes to now: their own, or that of the office they chose.

    Their own again as soon as the office is gone, or its mailbox has refused or returned a mail for good.
    """
    chosen = session().scalar(_READER, {"account": mail.account_id})
    if chosen is None or suppressions.reason_for(chosen.email_key) is not None:
        return mail.account
    return chosen


def reader_then(mail: OutgoingMail) -> Account | None:
    """Whose mailbox a mail went to; None where that was an office that no longer acts for the sponsor."""
    if mail.reader_id is None:
        return mail.account
    still = select(Account).join(Office, Office.account_id == Account.id).join(Sponsor, Sponsor.id == Office.sponsor_id)
    return session().scalar(still.where(Account.id == mail.reader_id, Sponsor.account_id == mail.account_id))
