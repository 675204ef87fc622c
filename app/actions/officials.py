"""Proving an official address that is not the log-in's own, and vetting a sponsor on one with a coordinator's click."""

from sqlalchemy import delete, select

from app.actions import audit, limits, mailed_tokens, sponsors, vetting
from app.addresses import mailbox_key, normalised
from app.attempts import MAILBOX_MEMORY
from app.audit_words import AuditAction, AuditEntity
from app.clock import now
from app.database import locked, session
from app.errors import BadInput, Conflict, NotAllowed, NotFound, TooManyAttempts
from app.mail import occasions, outbox
from app.models import OfficialAddress, Sponsor, TokenPurpose
from app.permissions import Permission, Viewer, allowed
from app.queries import officials
from app.vocabulary import SponsorRole, VettingBasis, VettingState


def ask(email: str, *, by: Viewer) -> None:
    """Mail a link to the official address that a member of a parliament names; until it is followed nothing changes.

    Raises NotAllowed for anybody else and for their office, BadInput for an address at no official domain, and
    TooManyAttempts where the mailbox has got its mails for today (B2).
    """
    if not allowed(by, Permission.DECIDE_FOR_ONESELF):
        raise NotAllowed("Only sponsors prove an address for themselves.")
    sponsor = session().scalars(locked(select(Sponsor).where(Sponsor.id == by.sponsor_id))).one()
    if sponsor.role is not SponsorRole.PARLIAMENTARIAN:
        raise NotAllowed("Only members of a parliament have an official address.")
    address = normalised(email)
    domain = officials.domain_for(address)
    if domain is None:
        raise BadInput("We know no parliament with this domain. A coordinator checks who you are in another way.")
    if not limits.may_mail(mailbox_key(address)):
        raise TooManyAttempts(int(MAILBOX_MEMORY.total_seconds()))
    unproven = OfficialAddress.sponsor_id == sponsor.id, OfficialAddress.confirmed_at.is_(None)
    session().execute(delete(OfficialAddress).where(*unproven))
    named = OfficialAddress(
        sponsor_id=sponsor.id, domain=domain.domain, parliament=domain.parliament, asked_at=now(), address=address
    )
    session().add(named)
    session().flush()
    message = outbox.Message.PROVE_OFFICIAL
    outbox.enqueue(message=message, occasion=occasions.address(message, named.id), account_id=sponsor.account_id)
    fields = ["domain"]
    audit.record(
        action=AuditAction.NAME_ADDRESS,
        by=by.account_id,
        entity=AuditEntity.OFFICIAL_ADDRESS,
        entity_id=named.id,
        fields=fields,
    )


def prove(token: str) -> Sponsor:
    """Use the token up that the official mailbox got: the address vouches for the sponsor from now on.

    Raises NotFound for a token that may not act, also where the address vouches for somebody else.
    """
    used = mailed_tokens.use(token, TokenPurpose.PROVE_OFFICIAL)
    sponsor = session().scalars(locked(select(Sponsor).where(Sponsor.account_id == used.account_id))).one()
    named = officials.wanted(sponsor.id)
    happenings = vetting.address_proven(sponsor, named.address or "", named=named) if named else []
    if not happenings:
        raise NotFound("This link has been used or is too old.")
    session().delete(used)  # the last place where the address stood
    audit.record_many(happenings, by=used.account_id)
    return sponsor


def vet(*, sponsor_id: str, by: Viewer, seen_version: int) -> Sponsor:
    """A coordinator vets a sponsor on the official address that they have proven. Raises as `sponsors.vet`, and
    Conflict where none is proven (any more).
    """
    sponsor = sponsors.locked_sponsor(sponsor_id, by=by)
    official = officials.proven(sponsor_id)
    if official is None:
        raise Conflict("No official address of theirs is proven.")
    return sponsors.vet(
        sponsor_id=sponsor_id,
        by=by,
        seen_version=seen_version,
        decision=VettingState.VETTED,
        reason=vetting.reason_of(official.domain, official.parliament),
        translation_offered=sponsor.translation_offered or sponsor.translation_wanted,
        basis=VettingBasis.OFFICIAL_ADDRESS,
    )
