"""Offices: a sponsor invites a second log-in that acts for them, chooses whom mails go to, and removes it again."""

from sqlalchemy import select, update

from app.actions import accounts as account_actions
from app.actions import audit, limits, mailed_tokens, privacy
from app.addresses import address_key, mailbox_key, normalised
from app.attempts import MAILBOX_MEMORY
from app.audit_words import AuditAction, AuditEntity
from app.clock import now
from app.database import locked, session
from app.errors import BadInput, Conflict, NotAllowed, NotFound, TooManyAttempts
from app.mail import occasions, outbox
from app.models import Account, Office, Sponsor, TokenPurpose, new_id
from app.permissions import Permission, Viewer, allowed
from app.queries import accounts, offices
from app.vocabulary import VettingState

MOST_OFFICES = 3
"""Whoever reads along is one more who can be pressed or robbed."""


def invite(email: str, *, password_hash: str, by: Viewer) -> Office:
    """Invite whoever has the address to act for the sponsor: a link there, good for `offices.INVITATION_LASTS`.

    `password_hash` is of something random: until the link is followed nobody can log in, and trying takes as long as
    with any other account (A2).
    An address that waits already gets a fresh link. Nobody learns whether one has an account: its owner is told by mail
    instead, and the invitation comes to nothing (A2). Raises NotAllowed for anybody but the sponsor, Conflict before
    they are vetted or with MOST_OFFICES, BadInput for no address or their own, TooManyAttempts where the mailbox has
    got its mails for today (B2).
    """
    sponsor = _locked_own(by)
    if sponsor.vetting_state is not VettingState.VETTED:
        raise Conflict("First a coordinator checks who you are. Then you can let your office in.")
    address, key = normalised(email), address_key(email)
    if key == sponsor.account.email_key:
        raise BadInput("This is your own address. Type your colleague's.")
    privacy.drop_lapsed_invitations(sponsor_id=sponsor.id)
    standing = offices.of_sponsor(sponsor.id)
    waiting = next((one for one in standing if address_key(one.invited or "") == key), None)
    if waiting is None and len(standing) >= MOST_OFFICES:
        raise BadInput("Three log-ins can act for you. Remove one of them first.")
    if not limits.may_mail(mailbox_key(address)):
        raise TooManyAttempts(int(MAILBOX_MEMORY.total_seconds()))
    office = waiting or Office(id=new_id(), sponsor_id=sponsor.id, account_id=None)
    if waiting is None:
        office.account_id = _fresh_account(address, sponsor, password_hash)
    office.invited, office.invited_at = address, now()
    session().add(office)
    session().flush()
    _mail(office, address)
    _record(AuditAction.INVITE_OFFICE, office, by.account_id, ["invited_at"])
    return office


def join(token: str, *, password_hash: str) -> Account:
    """Follow an invitation: the log-in has a password from now on, and acts for the sponsor, who is told by mail.

    Raises NotFound for a token that may not act, or where the sponsor has left or is not vetted any more.
    """
    used = mailed_tokens.use(token, TokenPurpose.JOIN_OFFICE)
    found = offices.invitation_of(used.account_id)
    if found is None:
        raise NotFound("This link has been used or is too old.")
    sponsor = session().scalars(locked(select(Sponsor).where(Sponsor.id == found.sponsor_id))).one()
    office = session().scalar(locked(select(Office).where(Office.id == found.id)))
    gone = sponsor.account.disabled_at is not None or sponsor.vetting_state is not VettingState.VETTED
    if office is None or office.joined_at is not None or gone:
        raise NotFound("This link has been used or is too old.")
    account = session().scalars(locked(select(Account).where(Account.id == used.account_id))).one()
    account.password_hash, account.email_confirmed_at = password_hash, now()
    office.joined_at, office.invited = now(), None
    message = outbox.Message.OFFICE_JOINED
    outbox.enqueue(message=message, occasion=occasions.office_joined(office.id), account_id=sponsor.account_id)
    _record(AuditAction.JOIN_OFFICE, office, account.id, ["joined_at"])
    return account


def remove(office_id: str, *, by: Viewer) -> None:
    """Let a log-in act for the sponsor no more, or take an invitation back: it is erased, and over with its next
    request (A6, Z4). What it did stays marked as the office's. Raises NotFound for somebody else's.
    """
    sponsor = _locked_own(by)
    office = _own(office_id, by)
    audit.record_many(privacy.close_offices(sponsor.id, office_id=office.id), by=by.account_id)


def choose_mails(office_id: str | None, *, by: Viewer) -> None:
    """Have offers, news and reminders go to an office in the sponsor's place; None: to the sponsor again.

    Each mail has one recipient and goes once (M7). What keeps a log-in safe goes to whose log-in it is, always.
    """
    sponsor = _locked_own(by)
    chosen = _own(office_id, by) if office_id else None
    if chosen is not None and chosen.joined_at is None:
        raise Conflict("They have not followed the invitation yet.")
    if chosen is not None and chosen.gets_mails:
        return
    nobody = update(Office).where(Office.sponsor_id == sponsor.id, Office.gets_mails).values(gets_mails=False)
    changed = session().execute(nobody).rowcount  # type: ignore[attr-defined]
    if chosen is not None:
        chosen.gets_mails = True
    if changed or chosen is not None:
        session().flush()
        what = audit.Happening(AuditAction.CHOOSE, AuditEntity.SPONSOR, sponsor.id, ("mails_to_office",))
        audit.record_many([what], by=by.account_id)


def _locked_own(by: Viewer) -> Sponsor:
    if not allowed(by, Permission.DECIDE_FOR_ONESELF):
        raise NotAllowed("Only sponsors choose who acts for them.")
    sponsor = session().scalar(locked(select(Sponsor).where(Sponsor.id == by.sponsor_id)))
    if sponsor is None:
        raise NotFound("There is no such sponsor.")
    return sponsor


def _own(office_id: str, by: Viewer) -> Office:
    office = offices.own(by, office_id)
    if office is None:
        raise NotFound("Nobody of this kind acts for you.")
    return office


def _fresh_account(address: str, sponsor: Sponsor, password_hash: str) -> str | None:
    """The id of an account that nobody can log in with yet; None where the address has one, whoever's it is."""
    account = account_actions.create_if_free(
        email=address,
        password_hash=password_hash,
        time_zone=sponsor.account.time_zone,
        interface_language=sponsor.account.interface_language,
    )
    return None if account is None else account.id


def _mail(office: Office, address: str) -> None:
    """The link; or where the address has another account, a word to its owner. The worker is woken either way."""
    outbox.wake()
    if office.account_id is not None:
        message = outbox.Message.OFFICE_INVITED
        occasion = occasions.office_invited(office.id, at=now())
        outbox.enqueue(message=message, occasion=occasion, account_id=office.account_id)
        return
    owner = accounts.by_email(address)
    if owner is not None:
        account_actions.tell_already_registered(owner)


def _record(action: AuditAction, office: Office, by: str, fields: list[str]) -> None:
    session().flush()
    audit.record(action=action, by=by, entity=AuditEntity.OFFICE, entity_id=office.id, fields=fields)
