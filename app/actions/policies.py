"""Policies: a changed one is put into force as a new version; no version ever changes."""

from dataclasses import replace

from sqlalchemy import func, select

from app.actions import audit
from app.audit_words import AuditAction, AuditEntity
from app.clock import now
from app.database import inserting, locked, session
from app.errors import Conflict, NotAllowed, StaleRecord
from app.matching import DEFAULT_POLICY, Policy, changed_numbers
from app.models import Policy as PolicyRow
from app.permissions import Permission, Viewer, allowed
from app.queries import policies
from app.queries.policies import FIRST_VERSION


def lock() -> None:
    """Wait for whoever keeps a run or a policy before us; make the default policy's row where it is missing.

    One row stands for all versions, so that two runs follow each other even where their policies differ.
    """
    first = inserting(PolicyRow).values(version=FIRST_VERSION, body=DEFAULT_POLICY.to_dict(), created_at=now())
    session().execute(first.on_conflict_do_nothing(index_elements=["version"]))
    session().scalars(locked(select(PolicyRow).where(PolicyRow.version == FIRST_VERSION))).one()


def put_into_force(policy: Policy, *, by: Viewer, seen_version: int) -> int:
    """Make `policy` the next version, which every run follows from now on; return its number.

    `seen_version` is the one in force that it was compared with. Raises NotAllowed, StaleRecord where another has been
    put into force since, and Conflict where nothing would change. An earlier policy comes back as a new version too.
    """
    if not allowed(by, Permission.SET_POLICY):
        raise NotAllowed("Only administrators set the policy.")
    lock()
    newest = session().scalar(select(func.max(PolicyRow.version)))
    if newest != seen_version:
        raise StaleRecord("Another policy has been put into force since you read this one. Compare again, then decide.")
    changed = changed_numbers(policies.current(), policy)
    if not changed:
        raise Conflict("This is the policy in force already.")
    version = seen_version + 1
    body = replace(policy, version=None).to_dict()
    session().add(PolicyRow(version=version, body=body, created_at=now(), created_by=by.account_id))
    session().flush()
    audit.record(
        action=AuditAction.PUT_INTO_FORCE,
        by=by.account_id,
        entity=AuditEntity.POLICY,
        entity_id=str(version),
        fields=changed,
    )
    return version
