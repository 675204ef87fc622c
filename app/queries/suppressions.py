"""Addresses that get no mail any more, known by a keyed digest alone (docs/threats.md, M2 and M8)."""

import hashlib
import hmac
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Row, Select, bindparam, select

from app.addresses import address_key
from app.database import session
from app.keys import KeyPurpose, derive
from app.models import Account, OutgoingMail, Sponsor, SuppressedAddress
from app.permissions import Viewer
from app.queries.scope import sponsors_of
from app.settings import current_settings
from app.vocabulary import SuppressionReason

# Asked before each mail goes: the statement is made once, and asked past the session, which costs more than the answer.
_REASON = select(SuppressedAddress.reason).where(SuppressedAddress.address_digest == bindparam("digest"))


@dataclass(frozen=True, slots=True)
class Suppressed:
    """One suppressed address as staff see it: never the address itself, and whose it was only while they are here."""

    id: str
    reason: SuppressionReason
    suppressed_at: datetime
    mail_id: str | None
    account_id: str | None


def digest(key: str) -> str:
    """The keyed digest of an address in the form in which addresses are compared (`Account.email_key`), in hex."""
    secret = derive(current_settings().secret_key, KeyPurpose.SUPPRESSION)
    return hmac.digest(secret, key.encode(), hashlib.sha256).hex()


def reason_for(key: str) -> SuppressionReason | None:
    """Why nothing goes to the address with this key, or None when mail may go there."""
    return session().connection().execute(_REASON, {"digest": digest(key)}).scalar()


def of_address(address: str) -> Select[SuppressedAddress]:
    """The query for the suppression of an address, however it is spelt."""
    return select(SuppressedAddress).where(SuppressedAddress.address_digest == digest(address_key(address)))


def everywhere() -> list[Suppressed]:
    """All of them, newest first."""
    return _read(_listed())


def of_sponsors(viewer: Viewer) -> list[Suppressed]:
    """Those whose mail was to a sponsor of the coordinator's regions, newest first."""
    return _read(_listed().join(Sponsor, Sponsor.account_id == Account.id).where(sponsors_of(viewer)))


_Columns = tuple[str, SuppressionReason, datetime, str | None, str | None]


def _listed() -> Select[*_Columns]:
    return (
        select(
            SuppressedAddress.id,
            SuppressedAddress.reason,
            SuppressedAddress.suppressed_at,
            SuppressedAddress.mail_id,
            Account.id.label("account_id"),
        )
        .outerjoin(OutgoingMail, OutgoingMail.id == SuppressedAddress.mail_id)
        .outerjoin(Account, Account.id == OutgoingMail.account_id)
        .order_by(SuppressedAddress.suppressed_at.desc(), SuppressedAddress.id)
    )


def _read(query: Select[*_Columns]) -> list[Suppressed]:
    rows: Sequence[Row[*_Columns]] = session().execute(query).all()
    return [Suppressed(*row) for row in rows]
