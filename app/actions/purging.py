"""The purge: whatever has outlived its period (`app.retention`) goes, in short transactions (docs/threats.md, P6).

Any number of purges may run at once, be broken off and be begun again: each batch stands by itself, and what was not
reached is found by the next. Each category writes one event, with the first batch that takes something, and no value.
"""

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import ColumnElement, delete, inspect, select, update

from app.actions import audit, family_contacts, photos, privacy
from app.audit_words import AuditAction, AuditEntity
from app.clock import now
from app.database import locked, session
from app.models import (
    Account,
    AccountToken,
    AddressChange,
    Alert,
    AttemptCount,
    Base,
    ContactOpening,
    ExportRequest,
    ImportUpload,
    Letter,
    LoginSession,
    Match,
    MatchingRun,
    MatchingTask,
    OfficialAddress,
    OutgoingMail,
    QuarantinedRow,
    ReadingCount,
    Sponsor,
)
from app.queries import overdue
from app.retention import PURGED, Category, period

ROWS_AT_ONCE: Final = 500
"""Others who write wait no longer than it takes to delete so many rows."""

PEOPLE_AT_ONCE: Final = 1
"""Each is erased with everybody they stand by, and the head of the trail is locked last: one in a transaction."""


@dataclass(frozen=True, kw_only=True)
class Rule:
    """How a category is purged: `take` deletes some of what was over at a moment, up to a number (`at_once`), and says
    how many. `entity` is what the trail calls it.
    """

    entity: AuditEntity
    take: Callable[[datetime, int], int]
    at_once: int = ROWS_AT_ONCE


class Purge:
    """One look at every category that time ends.

        purging = Purge()
        while not purging.is_over:
            with transaction():
                purging.take_batch()

    `gone` counts by category what was deleted, erased or emptied.
    """

    def __init__(self) -> None:
        self.gone: Counter[Category] = Counter(dict.fromkeys(PURGED, 0))
        self._left = list(PURGED)

    @property
    def is_over(self) -> bool:
        """Whether nothing is left to look at."""
        return not self._left

    def take_batch(self) -> None:
        """Do the next piece. Belongs inside the caller's `with transaction():`."""
        category = self._left[0]
        rule = RULES[category]
        taken = rule.take(now() - period(category), rule.at_once)
        if taken and not self.gone[category]:
            audit.record(action=AuditAction.PURGE, by=None, entity=rule.entity, entity_id=category)
        self.gone[category] += taken
        if taken < rule.at_once:
            self._left.pop(0)


def _erasing(category: Category) -> Rule:
    """Erase people: looked for, then locked in the order in which everybody locks, then asked about once more."""

    def take(moment: datetime, at_most: int) -> int:
        query = overdue.people(category, moment)
        found = session().scalars(query.limit(at_most)).all()
        session().scalars(locked(select(Sponsor).where(Sponsor.account_id.in_(found)))).all()
        session().scalars(locked(select(Account).where(Account.id.in_(found)))).all()
        for account_id in session().scalars(query.where(Account.id.in_(found))).all():
            privacy.forget(account_id, by=None)
        return len(found)

    return Rule(entity=AuditEntity.ACCOUNT, take=take, at_once=PEOPLE_AT_ONCE)


def _deleting(table: type[Base], over: Callable[[datetime], ColumnElement[bool]], entity: AuditEntity) -> Rule:
    """Delete rows of a table. What others are deleting at the same moment is passed over."""
    [key] = inspect(table).primary_key

    def take(moment: datetime, at_most: int) -> int:
        keys = _some(key, over(moment), at_most)
        session().execute(delete(table).where(key.in_(keys)).execution_options(synchronize_session=False))
        return len(keys)

    return Rule(entity=entity, take=take)


def _some(key: Any, which: ColumnElement[bool], at_most: int) -> list[str]:
    query = select(key).where(which).order_by(key).limit(at_most).with_for_update(skip_locked=True)
    return list(session().scalars(query))


def _take_notes(moment: datetime, at_most: int) -> int:
    keys = _some(Match.id, overdue.with_notes(moment), at_most)
    empty = update(Match).where(Match.id.in_(keys)).values(dict.fromkeys(overdue.NOTES))
    session().execute(empty.execution_options(synchronize_session=False))
    return len(keys)


def _take_matches_of_erased(moment: datetime, at_most: int) -> int:
    """With the last match that pointed at it goes the empty record of whoever was erased."""
    keys = _some(Match.id, overdue.of_erased(moment), at_most)
    theirs = select(Sponsor.account_id).join(Match, Match.sponsor_id == Sponsor.id).where(Match.id.in_(keys))
    account_ids = session().scalars(theirs.distinct()).all()
    session().execute(delete(Match).where(Match.id.in_(keys)).execution_options(synchronize_session=False))
    for account_id in account_ids:
        privacy.drop_what_nothing_needs(account_id)
    return len(keys)


def _take_invitations(_moment: datetime, at_most: int) -> int:
    return privacy.drop_lapsed_invitations(at_most=at_most)


RULES: Final[Mapping[Category, Rule]] = {
    **{category: _erasing(category) for category in overdue.PEOPLE},
    Category.WITHDRAWN: _deleting(Match, overdue.withdrawn, AuditEntity.MATCH),
    Category.NOTES: Rule(entity=AuditEntity.MATCH, take=_take_notes),
    Category.LETTERS: _deleting(Letter, overdue.letters, AuditEntity.LETTER),
    Category.GONE: Rule(entity=AuditEntity.MATCH, take=_take_matches_of_erased),
    Category.RUNS: _deleting(MatchingRun, overdue.runs, AuditEntity.MATCHING_RUN),
    Category.TASKS: _deleting(MatchingTask, lambda m: MatchingTask.ended_at <= m, AuditEntity.MATCHING_TASK),
    Category.MAILS: _deleting(OutgoingMail, overdue.mails, AuditEntity.OUTGOING_MAIL),
    Category.COUNTERS: _deleting(AttemptCount, lambda m: AttemptCount.expires_at <= m, AuditEntity.ATTEMPT_COUNT),
    Category.SESSIONS: _deleting(LoginSession, lambda m: LoginSession.expires_at <= m, AuditEntity.LOGIN_SESSION),
    Category.TOKENS: _deleting(AccountToken, lambda m: AccountToken.expires_at <= m, AuditEntity.ACCOUNT_TOKEN),
    Category.ADDRESS_CHANGES: _deleting(
        AddressChange, lambda m: AddressChange.asked_at <= m, AuditEntity.ADDRESS_CHANGE
    ),
    Category.UPLOADS: _deleting(ImportUpload, lambda m: ImportUpload.uploaded_at <= m, AuditEntity.IMPORT_UPLOAD),
    Category.WAITING_ROWS: _deleting(QuarantinedRow, overdue.waiting_rows, AuditEntity.QUARANTINED_ROW),
    Category.INVITATIONS: Rule(entity=AuditEntity.OFFICE, take=_take_invitations, at_once=PEOPLE_AT_ONCE),
    Category.NAMED_ADDRESSES: _deleting(OfficialAddress, overdue.named_addresses, AuditEntity.OFFICIAL_ADDRESS),
    Category.FAMILY_CONTACTS: Rule(entity=AuditEntity.FAMILY_CONTACT, take=family_contacts.remove_over),
    Category.CONTACT_OPENINGS: _deleting(
        ContactOpening, lambda m: ContactOpening.opened_at <= m, AuditEntity.CONTACT_OPENING
    ),
    Category.PHOTOS: Rule(entity=AuditEntity.PRISONER, take=photos.remove_over),
    Category.EXPORTS: _deleting(ExportRequest, overdue.exports, AuditEntity.EXPORT_REQUEST),
    Category.ALERTS: _deleting(Alert, overdue.alerts, AuditEntity.ALERT),
    Category.READING: _deleting(ReadingCount, overdue.reading, AuditEntity.READING_COUNT),
}
"""How each category that time ends is purged."""
