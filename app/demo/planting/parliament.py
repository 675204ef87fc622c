"""Planting what members of a parliament meet: an official domain, and an office that acts for one of them.

The parliament is invented and its domain is one of `example.org`, so that whoever tries the demo can prove an address
there: the demo's mailbox shows the mail.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import insert

from app.audit_words import AuditAction, AuditEntity
from app.database import session
from app.demo.dice import derived_id
from app.demo.people import InventedSponsor, Member
from app.demo.planting.chronicle import Change
from app.demo.planting.mails import PlannedMail
from app.demo.planting.sponsors import account_row
from app.mail import occasions
from app.mail.outbox import Message
from app.models import Account, Office, OfficialDomain
from app.vocabulary import StaffRole

PARLIAMENT: Final = "Assembly of Vydumsk"
DOMAIN: Final = "members.example.org"

_INVITED_AFTER: Final = timedelta(days=2, hours=3)
_JOINED_AFTER: Final = timedelta(hours=20)


def plant_domain(staff: Sequence[Member], *, seed: int, at: datetime) -> Iterator[Change]:
    """Put the invented parliament's domain on the list, where an administrator vouches for it; gives the changes."""
    by = next(member.id for member in staff if StaffRole.ADMINISTRATOR in member.roles)
    domain = OfficialDomain(
        id=derived_id(seed, "official domain", DOMAIN), parliament=PARLIAMENT, domain=DOMAIN,
        added_at=at, added_by=by, members_at=at, members_by=by,
    )  # fmt: skip
    session().add(domain)
    done = ((AuditAction.ADD, ("parliament", "country", "domain")), (AuditAction.VOUCH, ("members_at",)))
    for action, fields in done:
        yield Change(
            at=at, by=by, action=action, entity=AuditEntity.OFFICIAL_DOMAIN, entity_id=domain.id, fields=fields
        )


def plant_office(member: InventedSponsor, email: str, *, password_hash: str, seed: int) -> Iterator[Change]:
    """Let a log-in act for the member, who invited it soon after they were vetted; gives the changes."""
    assert member.vetted_at is not None
    invited_at = member.vetted_at + _INVITED_AFTER
    joined_at = invited_at + _JOINED_AFTER
    office_id, account_id = derived_id(seed, "office", email), derived_id(seed, "office account", email)
    account = account_row(account_id, email, password_hash, at=invited_at, time_zone=member.time_zone)
    session().execute(insert(Account), [account | {"email_confirmed_at": joined_at}])
    session().add(
        Office(id=office_id, sponsor_id=member.id, account_id=account_id, invited_at=invited_at, joined_at=joined_at)
    )
    invitation = PlannedMail(
        message=Message.OFFICE_INVITED,
        occasion=occasions.office_invited(office_id, at=invited_at),
        account_id=account_id,
        created_at=invited_at,
    )
    word = PlannedMail(
        message=Message.OFFICE_JOINED,
        occasion=occasions.office_joined(office_id),
        account_id=member.account_id,
        created_at=joined_at,
    )
    steps = (
        (AuditAction.INVITE_OFFICE, member.account_id, "invited_at", invitation),
        (AuditAction.JOIN_OFFICE, account_id, "joined_at", word),
    )
    for action, by, field, mail in steps:
        yield Change(
            at=mail.created_at, by=by, action=action, entity=AuditEntity.OFFICE, entity_id=office_id,
            fields=(field,), mail=mail,
        )  # fmt: skip
