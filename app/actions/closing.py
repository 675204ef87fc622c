"""Closing a log-in, of a sponsor or of a member of staff, and opening it again (docs/threats.md, A6 and Z4)."""

from sqlalchemy import select

from app.actions import audit, handing_over, sessions, vetting
from app.addresses import address_key
from app.audit_words import AuditAction, AuditEntity
from app.clock import now
from app.database import locked, session
from app.errors import BadInput, Conflict, NotAllowed, NotFound
from app.mail import occasions, outbox
from app.models import Account, AccountClosing, Sponsor
from app.permissions import Permission, Viewer, allowed
from app.queries import accounts
from app.vocabulary import EndReason, VettingState


def close(account: Account, *, reason: str, by: Viewer) -> list[audit.Happening]:
    """Close a locked account: no password, link or session opens it, and one last mail says that it is closed.

    `reason` is kept, sealed, for whoever may open it again. Gives what happened. Raises BadInput without a reason,
    Conflict where it is closed.
    """
    if not reason.strip():
        raise BadInput("Say in a few words why.")
    if account.disabled_at is not None:
        raise Conflict("This log-in is closed already.")
    account.disabled_at = now()
    session().add(
        AccountClosing(account_id=account.id, closed_at=now(), closed_by=by.account_id, reason=reason.strip())
    )
    sessions.end_all(account.id)
    outbox.withdraw_all_to(account.id, reason=outbox.Withdrawal.ACCOUNT_CLOSED)
    _mail(outbox.Message.LOGIN_CLOSED, account)
    return [audit.Happening(AuditAction.DISABLE, AuditEntity.ACCOUNT, account.id, ("disabled_at",))]


def open_again(account: Account) -> list[audit.Happening]:
    """Open a locked account that was closed, or whose owner had left. Gives what happened.

    Raises Conflict where it is open, or where nobody is left to come in.
    """
    if account.disabled_at is None or accounts.is_erased(account):
        raise Conflict("This log-in is not closed, or nobody is left to come in.")
    account.disabled_at = None
    closing = session().get(AccountClosing, account.id)
    if closing is not None:
        session().delete(closing)
    tell_changed(account)
    return [audit.Happening(AuditAction.REOPEN, AuditEntity.ACCOUNT, account.id, ("disabled_at",))]


def close_sponsor(*, sponsor_id: str, reason: str, by: Viewer) -> None:
    """A coordinator closes the log-in of a sponsor of their regions: whom they stand by is handed back at once.

    Raises NotAllowed for oneself, NotFound outside one's regions, Conflict for somebody who works here or who is gone.
    """
    _close(_locked(sponsor_id, by=by), reason=reason, by=by)


def open_sponsor_again(*, sponsor_id: str, by: Viewer) -> None:
    """A coordinator opens the log-in of a sponsor of their regions again; whoever was vetted is vetted again."""
    _open_again(_locked(sponsor_id, by=by), by=by)


def close_sponsor_of(email: str, *, reason: str, by: Viewer) -> None:
    """The same by address, for an administrator, who is shown nothing of the sponsor. Raises NotFound for others."""
    _close(_locked_of(email, by=by), reason=reason, by=by)


def open_sponsor_of_again(email: str, *, by: Viewer) -> None:
    """Opening again by address, for an administrator."""
    _open_again(_locked_of(email, by=by), by=by)


def tell_changed(account: Account) -> None:
    """Mail that the log-in opens something else from now on, and no more than that."""
    _mail(outbox.Message.ACCESS_CHANGED, account)


def _close(sponsor: Sponsor, *, reason: str, by: Viewer) -> None:
    account = _locked_account(sponsor)
    if account.staff_roles:
        raise Conflict("They also work here. An administrator has to take that from them first.")
    happenings = close(account, reason=reason, by=by)
    happenings += handing_over.hand_back(sponsor, reason=EndReason.SPONSOR_LEFT)
    audit.record_many(happenings, by=by.account_id)


def _open_again(sponsor: Sponsor, *, by: Viewer) -> None:
    happenings = open_again(_locked_account(sponsor))
    sponsor.person_vets = True
    if sponsor.vetting_state is VettingState.VETTED:
        happenings.append(vetting.wait_again(sponsor))
    session().flush()
    audit.record_many(happenings, by=by.account_id)


def _locked(sponsor_id: str, *, by: Viewer) -> Sponsor:
    """The sponsor, for a coordinator of their region; foreign and missing look alike."""
    if not allowed(by, Permission.VET_SPONSORS):
        raise NotAllowed("Only coordinators close the log-ins of sponsors.")
    sponsor = session().scalar(locked(select(Sponsor).where(Sponsor.id == sponsor_id)))
    if sponsor is None or not by.covers_country(sponsor.country):
        raise NotFound("There is no such sponsor.")
    return _not_oneself(sponsor, by)


def _locked_of(email: str, *, by: Viewer) -> Sponsor:
    if not allowed(by, Permission.CLOSE_ACCOUNTS):
        raise NotAllowed("Only administrators close log-ins by their address.")
    account = accounts.by_email(address_key(email))
    theirs = Sponsor.account_id == (account.id if account else None)
    sponsor = session().scalar(locked(select(Sponsor).where(theirs)))
    if sponsor is None:
        raise NotFound("No sponsor has this address.")
    return _not_oneself(sponsor, by)


def _not_oneself(sponsor: Sponsor, by: Viewer) -> Sponsor:
    if sponsor.id == by.sponsor_id:
        raise NotAllowed("Nobody decides on their own log-in here. You can leave by yourself.")
    return sponsor


def _locked_account(sponsor: Sponsor) -> Account:
    return session().scalars(locked(select(Account).where(Account.id == sponsor.account_id))).one()


def _mail(message: outbox.Message, account: Account) -> None:
    occasion = occasions.login_changed(message, account.id, at=now())
    outbox.enqueue(message=message, occasion=occasion, account_id=account.id)
