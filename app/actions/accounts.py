"""Accounts: signing up, confirming an address, appointing staff."""

from collections.abc import Iterable

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from app import passwords
from app.actions import audit, limits, mailed_tokens, sessions, vetting
from app.addresses import mailbox_key, normalised
from app.audit_words import AuditAction, AuditEntity
from app.clock import now, today
from app.database import locked, session
from app.errors import BadInput
from app.mail import occasions, outbox
from app.models import Account, Sponsor, StaffGrant, StaffRegion, TokenPurpose, new_id
from app.permissions import Viewer
from app.queries import accounts
from app.vocabulary import StaffRole


def create_if_free(*, email: str, password_hash: str, time_zone: str, interface_language: str) -> Account | None:
    """Add an account whose address is still to be confirmed.

    None where the address has one, also where somebody else has taken it in this moment: whatever else the transaction
    holds stays as it is.
    """
    if accounts.by_email(email) is not None:
        return None
    account = Account(
        id=new_id(),
        email=normalised(email),
        password_hash=password_hash,
        interface_language=interface_language,
        time_zone=time_zone,
        created_at=now(),
    )
    try:
        with session().begin_nested():
            session().add(account)
    except IntegrityError:
        return None
    return account


def ask_to_confirm(account: Account) -> None:
    """Queue the mail that confirms an address: at most one in ten minutes, however often it is asked for."""
    occasion = occasions.confirmation(account.id, at=now())
    outbox.enqueue(message=outbox.Message.CONFIRM_ADDRESS, occasion=occasion, account_id=account.id)


def ask_to_confirm_again(email: str) -> None:
    """The same for an address that somebody signed up with and has not confirmed, whoever asks.

    Nobody sees a difference (A2), and a mailbox gets so many mails in a day (B2). The worker is woken either way.
    """
    account, may_mail = accounts.by_email(email), limits.may_mail(mailbox_key(email))
    if account is not None and may_mail and accounts.is_unconfirmed_sign_up(account):
        ask_to_confirm(account)
    outbox.wake()


def tell_already_registered(account: Account) -> None:
    """Tell the owner of an address that somebody signed up with it again: at most once a day."""
    occasion = occasions.already_registered(account.id, on=today())
    outbox.enqueue(message=outbox.Message.ALREADY_REGISTERED, occasion=occasion, account_id=account.id)


def confirm_address(token: str) -> Account:
    """Use a mailed token up and confirm the address it was sent to; an official one vouches for its owner (B4).

    Raises NotFound for a token that is unknown, used, expired, or was sent to an address the account no longer has.
    """
    found = mailed_tokens.use(token, TokenPurpose.CONFIRM_ADDRESS)
    found.account.email_confirmed_at = found.account.email_confirmed_at or now()
    account_id = found.account_id
    sponsor = session().scalar(locked(select(Sponsor).where(Sponsor.account_id == account_id)))
    confirmed = audit.Happening(AuditAction.CONFIRM_ADDRESS, AuditEntity.ACCOUNT, account_id, ("email_confirmed_at",))
    proven = vetting.address_proven(sponsor, found.account.email)
    audit.record_many([confirmed, *proven], by=account_id)
    return found.account


def choose_language(language: str, *, by: Viewer) -> None:
    """Have one's own mails come in the language, one that the page offers; those that wait to be sent too.

    A mail that is not written in it comes in the site's own.
    """
    account = session().scalars(locked(select(Account).where(Account.id == by.account_id))).one()
    if account.interface_language == language:
        return
    account.interface_language = language
    audit.record(
        action=AuditAction.CHOOSE,
        by=by.account_id,
        entity=AuditEntity.ACCOUNT,
        entity_id=account.id,
        fields=["interface_language"],
    )


def accept_invitation(token: str, *, password_hash: str) -> Account:
    """Use the mailed link up: the password is set and the address confirmed; the log-in then asks for a second factor.

    Raises NotFound for a token that is unknown, used, expired, or was sent to an address the account no longer has.
    """
    used = mailed_tokens.use(token, TokenPurpose.INVITE)
    account = used.account
    account.password_hash = password_hash
    account.email_confirmed_at = account.email_confirmed_at or now()
    sessions.end_all(account.id)
    audit.record(
        action=AuditAction.CONFIRM_ADDRESS,
        by=account.id,
        entity=AuditEntity.ACCOUNT,
        entity_id=account.id,
        fields=["email_confirmed_at", "password_hash"],
    )
    return account


def appoint(
    *,
    email: str,
    password: str,
    roles: Iterable[StaffRole],
    regions: Iterable[str] = (),
    by: str | None = None,
) -> Account:
    """Create a member of staff with a confirmed address. Raises BadInput when the address has an account."""
    passwords.check_new(password)
    hashed = passwords.make_hash(password)
    account = create_if_free(email=email, password_hash=hashed, time_zone="UTC", interface_language="en")
    if account is None:
        raise BadInput(f"{email} has an account already.")
    account.email_confirmed_at = now()
    account.roles = [StaffGrant(role=role, granted_at=now(), granted_by=by) for role in roles]
    account.regions = [StaffRegion(country=country) for country in regions]
    audit.record(
        action=AuditAction.APPOINT, by=by, entity=AuditEntity.ACCOUNT, entity_id=account.id, fields=["roles", "regions"]
    )
    return account
