"""What an administrator's page shows of members of staff."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, select
from sqlalchemy.orm import selectinload

from app.audit_words import AuditAction, AuditEntity
from app.database import session
from app.models import Account, AuditEvent, Caseload, SecondFactor, StaffGrant
from app.vocabulary import StaffRole


@dataclass(frozen=True, kw_only=True)
class Member:
    """A member of staff: the account, so many prisoners, whether the log-in asks for a code, and when the last was."""

    account: Account
    prisoners: int
    second_factor: bool
    last_login_on: date | None

    @property
    def is_coordinator(self) -> bool:
        """Whether they coordinate, and can log in to do so."""
        return self.account.disabled_at is None and StaffRole.COORDINATOR in self.account.staff_roles


def members() -> list[Account]:
    """Everybody who was appointed to something, by address."""
    appointed = select(StaffGrant.account_id)
    query = select(Account).where(Account.id.in_(appointed))
    found = session().scalars(query.options(selectinload(Account.roles), selectinload(Account.regions)))
    return sorted(found, key=lambda account: account.email_key)


def listed() -> list[Member]:
    """The same with what there is to know of each."""
    return _with_numbers(members())


def member(account_id: str) -> Member | None:
    """One member of staff."""
    found = session().get(Account, account_id)
    return _with_numbers([found])[0] if found is not None and found.staff_roles else None


def _with_numbers(accounts: list[Account]) -> list[Member]:
    ids = [account.id for account in accounts]
    prisoners, moments, protected = _prisoners(ids), _last_log_ins(ids), _with_second_factor(ids)
    return [
        Member(
            account=account,
            prisoners=prisoners.get(account.id, 0),
            second_factor=account.id in protected,
            last_login_on=moments[account.id].date() if account.id in moments else None,
        )
        for account in accounts
    ]


def _prisoners(ids: list[str]) -> dict[str, int]:
    query = select(Caseload.account_id, func.count()).where(Caseload.account_id.in_(ids)).group_by(Caseload.account_id)
    return {account_id: number for account_id, number in session().execute(query)}


def _last_log_ins(ids: list[str]) -> dict[str, datetime]:
    """From the audit trail: sessions that are over are deleted after a while."""
    query = (
        select(AuditEvent.entity_id, func.max(AuditEvent.at))
        .where(
            AuditEvent.entity == AuditEntity.ACCOUNT,
            AuditEvent.entity_id.in_(ids),
            AuditEvent.action == AuditAction.LOG_IN,
        )
        .group_by(AuditEvent.entity_id)
    )
    return {account_id: moment for account_id, moment in session().execute(query)}


def _with_second_factor(ids: list[str]) -> frozenset[str]:
    confirmed = SecondFactor.account_id.in_(ids), SecondFactor.confirmed_at.is_not(None)
    return frozenset(session().scalars(select(SecondFactor.account_id).where(*confirmed)))


def addresses(ids: Iterable[str]) -> dict[str, str]:
    """The addresses of those among `ids` that are accounts' ids."""
    query = select(Account.id, Account.email_sealed).where(Account.id.in_(list(ids)))
    return {account_id: Account.email.opened(sealed, account_id) for account_id, sealed in session().execute(query)}
