"""The second factor: setting it up, using a code, new recovery codes, taking it away (docs/threats.md, A8)."""

from sqlalchemy import delete, select

from app import one_time_codes
from app.actions import alerts, audit
from app.audit_words import AuditAction, AuditEntity
from app.clock import now
from app.database import locked, session
from app.errors import BadInput, Conflict, NotAllowed, NotFound
from app.mail import occasions, outbox
from app.models import Account, RecoveryCode, SecondFactor
from app.permissions import Permission, Viewer, allowed
from app.queries import accounts


def is_on(account_id: str) -> bool:
    """Whether the account's log-in asks for a code."""
    found = session().get(SecondFactor, account_id)
    return found is not None and found.confirmed_at is not None


def begin(*, by: Viewer) -> None:
    """Make the seed for one's own app; one that was made and not confirmed yet stays as it is.

    Raises Conflict where the second factor is on already.
    """
    found = _locked_factor(by.account_id)
    if found is not None and found.confirmed_at is not None:
        raise Conflict("Your second factor is set up already.")
    if found is None:
        seed = one_time_codes.new_seed()
        session().add(SecondFactor(account_id=by.account_id, seed=seed, begun_at=now()))


def confirm(*, by: Viewer, typed: str) -> list[str]:
    """Switch one's second factor on with a first code of the app, and return the recovery codes, which are shown once.

    The caller ends the other sessions and renews this one. Raises BadInput for a wrong code, Conflict where nothing
    waits for it.
    """
    found = _locked_factor(by.account_id)
    if found is None or found.confirmed_at is not None:
        raise Conflict("There is nothing to confirm. Begin again.")
    step = one_time_codes.matching_step(found.seed or "", typed, moment=now(), after=None)
    if step is None:
        raise BadInput("This code does not fit. Wait for the next one, and look whether your device's clock is right.")
    found.confirmed_at, found.last_step = now(), step
    codes = _replace_recovery_codes(by.account_id)
    _record(AuditAction.SET_SECOND_FACTOR, by.account_id, by=by.account_id, fields=["second_factor", "recovery_codes"])
    _tell(by.account_id)
    return codes


def renew_recovery_codes(*, by: Viewer) -> list[str]:
    """Fresh recovery codes for oneself; the old ones stop working. Raises Conflict without a second factor."""
    if _locked_factor(by.account_id) is None or not is_on(by.account_id):
        raise Conflict("Your second factor is not set up.")
    codes = _replace_recovery_codes(by.account_id)
    _record(AuditAction.SET_SECOND_FACTOR, by.account_id, by=by.account_id, fields=["recovery_codes"])
    return codes


def remove(*, by: Viewer) -> None:
    """Switch one's own second factor off. Raises NotAllowed for staff, who must have one."""
    if by.roles:
        raise NotAllowed("Whoever works here needs a second factor.")
    if _locked_factor(by.account_id) is None:
        return
    _take_away(by.account_id)
    _record(AuditAction.REMOVE_SECOND_FACTOR, by.account_id, by=by.account_id, fields=["second_factor"])
    _tell(by.account_id)


def reset(*, email: str, by: Viewer | None) -> Account:
    """Take somebody's second factor away who lost it: they are told by mail, and the other administrators are alerted.

    Staff set up a new one at once.

    `by` is an administrator, or None for the command line. The caller ends the person's sessions. Raises NotAllowed
    without the permission or for oneself, NotFound where the address has no account with a second factor.
    """
    if by is not None and not allowed(by, Permission.RESET_SECOND_FACTOR):
        raise NotAllowed("Only administrators take away a second factor.")
    account = accounts.by_email(email)
    if account is not None and by is not None and account.id == by.account_id:
        raise NotAllowed("Nobody takes away their own. Ask another administrator.")
    if account is None or _locked_factor(account.id) is None:
        raise NotFound("No account with this address has a second factor.")
    _take_away(account.id)
    acting = by.account_id if by else None
    alerts.second_factor_reset(account_id=account.id, by=acting)
    _record(AuditAction.RESET_SECOND_FACTOR, account.id, by=acting, fields=["second_factor"])
    _tell(account.id)
    return account


def use_code(account_id: str, typed: str) -> bool:
    """Use a code of the app, or a recovery code, up; False for one that does not fit or was used."""
    found = _locked_factor(account_id)
    if found is None or found.confirmed_at is None:
        return False
    step = one_time_codes.matching_step(found.seed or "", typed, moment=now(), after=found.last_step)
    if step is not None:
        found.last_step = step
        return True
    return _use_recovery_code(account_id, typed)


def _use_recovery_code(account_id: str, typed: str) -> bool:
    fitting = select(RecoveryCode).where(
        RecoveryCode.account_id == account_id,
        RecoveryCode.code_hash == one_time_codes.recovery_digest(typed),
        RecoveryCode.used_at.is_(None),
    )
    found = session().scalar(locked(fitting))
    if found is None:
        return False
    found.used_at = now()
    _record(AuditAction.USE_RECOVERY_CODE, account_id, by=account_id, fields=["recovery_codes"])
    return True


def _locked_factor(account_id: str) -> SecondFactor | None:
    return session().scalar(locked(select(SecondFactor).where(SecondFactor.account_id == account_id)))


def _replace_recovery_codes(account_id: str) -> list[str]:
    session().execute(delete(RecoveryCode).where(RecoveryCode.account_id == account_id))
    codes = one_time_codes.new_recovery_codes()
    session().add_all(
        RecoveryCode(account_id=account_id, code_hash=one_time_codes.recovery_digest(code), created_at=now())
        for code in codes
    )
    return codes


def _take_away(account_id: str) -> None:
    for table in (RecoveryCode, SecondFactor):
        session().execute(delete(table).where(table.account_id == account_id))


def _tell(account_id: str) -> None:
    occasion = occasions.login_changed(outbox.Message.SECOND_FACTOR_CHANGED, account_id, at=now())
    outbox.enqueue(message=outbox.Message.SECOND_FACTOR_CHANGED, occasion=occasion, account_id=account_id)


def _record(action: AuditAction, account_id: str, *, by: str | None, fields: list[str]) -> None:
    audit.record(action=action, by=by, entity=AuditEntity.ACCOUNT, entity_id=account_id, fields=fields)
