"""Policies: the one that runs follow now, and those before it."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import select

from app.database import session
from app.matching import DEFAULT_POLICY, Policy, changed_numbers
from app.models import Account
from app.models import Policy as PolicyRow

FIRST_VERSION = 1
"""The version of the default policy: it is in force until another is put there."""


DEFAULT_NUMBERS: Mapping[str, int] = DEFAULT_POLICY.numbers()
"""Every number of a policy, by its place, with its default."""


@dataclass(frozen=True)
class Version:
    """One version of the policy: since when, and the address of whoever put it into force.

    Nobody did so with the default; the address is None too for somebody whose account was erased. `changed` names what
    differs from the version before.
    """

    policy: Policy
    since: datetime | None
    by: str | None
    changed: tuple[str, ...]

    @property
    def number(self) -> int:
        assert self.policy.version is not None, "a policy that is kept has its version"
        return self.policy.version

    @property
    def numbers(self) -> Mapping[str, int]:
        """Every number, by its place."""
        return self.policy.numbers()


def current() -> Policy:
    """The policy in force, with its version."""
    row = session().scalar(select(PolicyRow).order_by(PolicyRow.version.desc()).limit(1))
    return _read(row)


def of_version(version: int) -> Policy | None:
    """The policy that was put into force under this number; None where there is none."""
    row = session().get(PolicyRow, version)
    return _read(row) if row is not None or version == FIRST_VERSION else None


def written(numbers: Mapping[str, int]) -> Policy:
    """The policy of these numbers by place, kept nowhere yet. Raises InvalidPolicy naming every problem."""
    return Policy.from_numbers(numbers)


def versions() -> list[Version]:
    """Every version, newest first; there is always one."""
    query = select(PolicyRow, Account.email_sealed).outerjoin(Account, Account.id == PolicyRow.created_by)
    found: list[Version] = []
    before = _read(None)
    for row, sealed in session().execute(query.order_by(PolicyRow.version)):
        policy = _read(row)
        since = None if row.version == FIRST_VERSION else row.created_at
        by = Account.email.opened(sealed, row.created_by)
        found.append(Version(policy, since, by, tuple(changed_numbers(before, policy))))
        before = policy
    return found[::-1] or [Version(before, None, None, ())]


def _read(row: PolicyRow | None) -> Policy:
    """The number of the row is the version; its body holds none."""
    if row is None:
        return replace(DEFAULT_POLICY, version=FIRST_VERSION)
    return Policy.from_dict({**row.body, "version": row.version})
