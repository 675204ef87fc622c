"""Mails of which only a person can say whether they went, and who said so."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, select
from sqlalchemy.orm import contains_eager

from app.audit_words import AuditAction, AuditEntity
from app.database import session
from app.models import Account, AuditEvent, OutgoingMail, Sponsor
from app.permissions import Viewer
from app.queries.paging import Page, page_of
from app.queries.scope import mails_of
from app.vocabulary import OutgoingState

ROWS_ON_A_PAGE = 50


@dataclass(frozen=True)
class Doubtful:
    """A mail, and the sponsor it is to; a member of staff without a sponsor's record has none."""

    mail: OutgoingMail
    sponsor: Sponsor | None

    @property
    def recipient(self) -> str:
        """A sponsor's name, or a colleague's address."""
        return self.sponsor.name if self.sponsor else self.mail.account.email


@dataclass(frozen=True)
class Settled:
    """What was said of a mail that was in doubt; `by` is a colleague's address, None for the command line."""

    action: str
    at: datetime
    by: str | None


def ids(viewer: Viewer) -> Select[str]:
    """The mails in doubt that the viewer may settle."""
    return select(OutgoingMail.id).where(OutgoingMail.state == OutgoingState.IN_DOUBT, mails_of(viewer))


def page(viewer: Viewer, *, number: int) -> Page[Doubtful]:
    """Those mails, the oldest first."""
    query = _mails().where(OutgoingMail.state == OutgoingState.IN_DOUBT, mails_of(viewer))
    in_order = query.order_by(OutgoingMail.due_at, OutgoingMail.id)
    found: Page[OutgoingMail] = page_of(in_order, OutgoingMail.id, number=number, size=ROWS_ON_A_PAGE)
    sponsors = _sponsors(found.items)
    rows = [Doubtful(mail, sponsors.get(mail.account_id)) for mail in found.items]
    return Page(items=rows, number=found.number, pages=found.pages, all=found.all)


def find(viewer: Viewer, mail_id: str) -> Doubtful | None:
    """One mail to somebody of the viewer's, in whatever state it is by now."""
    query = _mails().where(OutgoingMail.id == mail_id, mails_of(viewer))
    mail = session().scalar(query.execution_options(populate_existing=True))
    return Doubtful(mail, _sponsors([mail]).get(mail.account_id)) if mail else None


def last_settled(mail_id: str) -> Settled | None:
    """Who last settled the mail, when and how; None where nobody ever did."""
    said = [AuditAction.RESOLVE_MAIL_SENT, AuditAction.RESOLVE_MAIL_REQUEUE]
    query = (
        select(AuditEvent.action, AuditEvent.at, Account.id, Account.email_sealed)
        .outerjoin(Account, Account.id == AuditEvent.by_account_id)
        .where(
            AuditEvent.entity == AuditEntity.OUTGOING_MAIL,
            AuditEvent.entity_id == mail_id,
            AuditEvent.action.in_(said),
        )
    )
    found = session().execute(query.order_by(AuditEvent.number.desc()).limit(1)).one_or_none()
    return Settled(found.action, found.at, Account.email.opened(found.email_sealed, found.id)) if found else None


def _mails() -> Select[OutgoingMail]:
    return select(OutgoingMail).join(OutgoingMail.account).options(contains_eager(OutgoingMail.account))


def _sponsors(mails: list[OutgoingMail]) -> dict[str, Sponsor]:
    query = select(Sponsor).where(Sponsor.account_id.in_([mail.account_id for mail in mails]))
    return {sponsor.account_id: sponsor for sponsor in session().scalars(query)}
