"""Password and address of an account: changing them, and the way back for whoever forgot a password (A2, A6, A7)."""

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from app.actions import audit, limits, mailed_tokens, sessions, vetting
from app.actions.accounts import tell_already_registered
from app.addresses import address_key, mailbox_key, normalised
from app.attempts import Attempt
from app.audit_words import AuditAction, AuditEntity
from app.clock import now
from app.database import locked, session
from app.errors import NotAllowed, NotFound
from app.mail import occasions, outbox
from app.models import Account, AddressChange, Sponsor, TokenPurpose
from app.permissions import Viewer
from app.queries import accounts


def ask_to_reset(email: str) -> None:
    """Queue the mail with which a password is set anew, where the address has an account.

    Nobody who asks sees a difference (A2): whether there is an account, and whether a mailbox has had enough of these
    mails for today. The worker is woken either way, so that both take as long.
    """
    account = accounts.by_email(email)
    may_mail = limits.may_mail(mailbox_key(email))
    if account is not None and may_mail:
        occasion = occasions.reset(account.id, at=now())
        outbox.enqueue(message=outbox.Message.RESET_PASSWORD, occasion=occasion, account_id=account.id)
    outbox.wake()


def reset_password(token: str, *, password_hash: str) -> Account:
    """Use a mailed token up and set the password. Every session ends; the second factor stays due at the log-in.

    The address of a sign-up is confirmed by it as well: whoever signed up in its owner's name is out, and has seen
    nothing. An invitation that ran out is not made up for by it (A7).

    Raises NotFound for a token that is unknown, used, expired, or was sent to an address the account no longer has.
    """
    used = mailed_tokens.use(token, TokenPurpose.RESET)
    account = _locked_account(used.account_id)
    account.password_hash = password_hash
    if accounts.is_unconfirmed_sign_up(account):
        account.email_confirmed_at = now()
    sessions.end_all(account.id)
    limits.forget(Attempt.LOG_IN_OF_ACCOUNT, account.email_key)
    _record(AuditAction.RESET_PASSWORD, account.id, by=account.id, fields=["password_hash"])
    _tell_password_changed(account.id)
    return account


def change_password(*, by: Viewer, password_hash: str, token: str) -> str:
    """Set one's own password: every other session ends (A6), and this one goes on under the token that is returned."""
    account = _locked_account(by.account_id)
    account.password_hash = password_hash
    sessions.end_all(account.id, but=token)
    renewed = sessions.renew(token)
    _record(AuditAction.CHANGE_PASSWORD, account.id, by=account.id, fields=["password_hash"])
    _tell_password_changed(account.id)
    return renewed


def ask_for_address(email: str, *, by: Viewer) -> None:
    """Ask the mailbox behind a new address to confirm it; until then nothing changes.

    Nobody learns whether the address has an account, or whether its mailbox has had enough of these mails for today:
    the wish is kept all the same, and comes to nothing. An owner is told by mail instead (A2). Raises BadInput for what
    is no address, NotAllowed for an office: whoever acts for a sponsor was invited by them (Z4).
    """
    if by.is_office:
        raise NotAllowed("Ask whom you act for to invite your other address.")
    account = _locked_account(by.account_id)
    new_email = normalised(email)
    if address_key(new_email) == account.email_key:
        return
    owner = accounts.by_email(new_email)
    change = AddressChange(account_id=account.id, old_email=account.email, new_email=new_email, asked_at=now())
    session().add(change)
    session().flush()
    _record(AuditAction.ASK_NEW_ADDRESS, account.id, by=account.id, fields=["email"])
    outbox.wake()
    if not limits.may_mail(mailbox_key(new_email)):
        return
    if owner is not None:
        tell_already_registered(owner)
        return
    message = outbox.Message.CONFIRM_NEW_ADDRESS
    outbox.enqueue(message=message, occasion=occasions.address(message, change.id), account_id=account.id)


def change_address(token: str) -> Account:
    """Use the token that the new mailbox got up: the account has this address now, and every session ends (A6).

    The old mailbox is told. A parliamentarian waits to be vetted again, since the address may be what vouched for them
    (B4), unless the new one does so itself. Raises NotFound for a token that may not act, also where somebody else has
    taken the address meanwhile.
    """
    used = mailed_tokens.use(token, TokenPurpose.CHANGE_ADDRESS)
    sponsor = session().scalar(locked(select(Sponsor).where(Sponsor.account_id == used.account_id)))
    account = _locked_account(used.account_id)
    change = accounts.wanted_address(account.id)
    if change is None:
        raise NotFound("This link has been used or is too old.")
    change.confirmed_at = now()
    try:
        with session().begin_nested():
            account.email = change.new_email
            account.email_confirmed_at = now()
    except IntegrityError as taken:
        raise NotFound("This link has been used or is too old.") from taken
    sessions.end_all(account.id)
    happenings = [audit.Happening(AuditAction.CHANGE_ADDRESS, AuditEntity.ACCOUNT, account.id, ("email",))]
    happenings += vetting.address_changed(sponsor)
    happenings += vetting.address_proven(sponsor, account.email)
    message = outbox.Message.ADDRESS_CHANGED
    outbox.enqueue(message=message, occasion=occasions.address(message, change.id), account_id=account.id)
    audit.record_many(happenings, by=account.id)
    return account


def _locked_account(account_id: str) -> Account:
    return session().scalars(locked(select(Account).where(Account.id == account_id))).one()


def _tell_password_changed(account_id: str) -> None:
    message = outbox.Message.PASSWORD_CHANGED
    outbox.enqueue(
        message=message, occasion=occasions.login_changed(message, account_id, at=now()), account_id=account_id
    )


def _record(action: AuditAction, account_id: str, *, by: str, fields: list[str]) -> None:
    audit.record(action=action, by=by, entity=AuditEntity.ACCOUNT, entity_id=account_id, fields=fields)
