"""Vetting by an official address, and waiting for vetting anew (B4; docs/decisions/0009).

A confirmed address at an official domain is kept as proven, for coordinators to see. It vets its holder by itself only
where somebody has vouched that nobody but members has an address there, and where it is plainly the address of whoever
signed up; never where a coordinator has looked already.
"""

from sqlalchemy import delete, select
from sqlalchemy.exc import IntegrityError

from app.actions import audit
from app.addresses import mailbox_key
from app.audit_words import AuditAction, AuditEntity
from app.clock import now
from app.database import session
from app.keys import KeyPurpose, signature
from app.mail import occasions, outbox
from app.models import OfficialAddress, OfficialDomain, Sponsor
from app.official_addresses import domain_of, is_named_after
from app.queries import officials
from app.search_key import search_key
from app.settings import current_settings
from app.transitions import VETTING_MOVES, check_move
from app.vocabulary import SponsorRole, VettingBasis, VettingState


def tell(sponsor: Sponsor) -> None:
    """Have the sponsor told of the decision on their vetting; before it is written."""
    vetted = sponsor.vetting_state is VettingState.VETTED
    message = outbox.Message.SPONSOR_VETTED if vetted else outbox.Message.SPONSOR_REJECTED
    occasion = occasions.vetting(message, sponsor.id, version=sponsor.version)
    outbox.enqueue(message=message, occasion=occasion, account_id=sponsor.account_id)


def wait_again(sponsor: Sponsor) -> audit.Happening:
    """Let somebody who was vetted or turned away wait for a decision as at first."""
    check_move(VETTING_MOVES, sponsor.vetting_state, VettingState.PENDING)
    sponsor.vetting_state, sponsor.vetting_basis = VettingState.PENDING, None
    sponsor.vetted_at, sponsor.vetted_by = None, None
    session().flush()
    return audit.Happening(AuditAction.REOPEN, AuditEntity.SPONSOR, sponsor.id, ("vetting_state",))


def address_changed(sponsor: Sponsor | None) -> list[audit.Happening]:
    """A parliamentarian has another address: what vouched for them counts no more, and they are vetted again."""
    if sponsor is None or sponsor.role is not SponsorRole.PARLIAMENTARIAN:
        return []
    session().execute(delete(OfficialAddress).where(OfficialAddress.sponsor_id == sponsor.id))
    return [wait_again(sponsor)] if sponsor.vetting_state is VettingState.VETTED else []


def address_proven(
    sponsor: Sponsor | None, address: str, *, named: OfficialAddress | None = None
) -> list[audit.Happening]:
    """A mailed link has proven that the address is the locked sponsor's: keep that, and vet them where that is enough.

    `named` is their wish to prove it, where the address is not that of their log-in. Gives what happened, for the
    caller's audit event; nothing for an address that vouches for nobody, or for somebody else.
    """
    if sponsor is None or sponsor.role is not SponsorRole.PARLIAMENTARIAN:
        return []
    domain = officials.domain_for(address)
    if domain is None:
        return []
    official = named or OfficialAddress(sponsor_id=sponsor.id, asked_at=now())
    official.address, official.confirmed_at = None, now()
    official.domain, official.parliament, official.digest = domain.domain, domain.parliament, _digest(address)
    if not _kept(official):
        return []
    proven = audit.Happening(
        AuditAction.PROVE_ADDRESS, AuditEntity.OFFICIAL_ADDRESS, official.id, ("domain", "confirmed_at")
    )
    if _vouches(domain, address, sponsor):
        _vet(sponsor, domain)
    return [proven]


def reason_of(domain: str, parliament: str) -> str:
    """What is recorded of how somebody was checked whom an official address vets."""
    return f"Official address at {domain} ({parliament})."


def _digest(address: str) -> str:
    """A keyed digest of the mailbox: however it is spelled it vouches for one sponsor, and no address is kept."""
    return signature(current_settings().secret_key, KeyPurpose.OFFICIAL_ADDRESS, mailbox_key(address))


def _kept(official: OfficialAddress) -> bool:
    """Whether the address could be kept as this sponsor's; not one that vouches for somebody else."""
    before = select(OfficialAddress.sponsor_id).where(OfficialAddress.digest == official.digest)
    with session().no_autoflush:
        if session().scalar(before) not in (None, official.sponsor_id):
            session().expunge(official) if official in session().new else session().expire(official)
            return False
        others = OfficialAddress.sponsor_id == official.sponsor_id, OfficialAddress.id != (official.id or "")
        session().execute(delete(OfficialAddress).where(*others))
    try:
        with session().begin_nested():
            session().add(official)
    except IntegrityError:
        return False
    return True


def _vouches(domain: OfficialDomain, address: str, sponsor: Sponsor) -> bool:
    """Whether the address alone is enough: only members have one there, and it is this member's of this parliament."""
    if sponsor.vetting_state is not VettingState.PENDING or sponsor.person_vets or domain.members_at is None:
        return False
    is_theirs = domain.country in (None, sponsor.country) and is_named_after(address, sponsor.name)
    is_same = search_key(domain.parliament) == search_key(sponsor.parliament)
    return is_theirs and is_same and domain_of(address) == domain.domain


def _vet(sponsor: Sponsor, domain: OfficialDomain) -> None:
    """By the program, on the word of whoever vouched for the domain."""
    check_move(VETTING_MOVES, sponsor.vetting_state, VettingState.VETTED)
    sponsor.vetting_state, sponsor.vetting_basis = VettingState.VETTED, VettingBasis.OFFICIAL_ADDRESS
    sponsor.vetting_reason = reason_of(domain.domain, domain.parliament)
    sponsor.vetted_at, sponsor.vetted_by = now(), domain.members_by
    tell(sponsor)
    session().flush()
    fields = ["vetting_state", "vetting_basis", "vetting_reason"]
    audit.record(action=AuditAction.VETTED, by=None, entity=AuditEntity.SPONSOR, entity_id=sponsor.id, fields=fields)
