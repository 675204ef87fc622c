"""Erasing somebody: the account, the sponsor, and all that hangs on them (docs/threats.md, P5).

A row that others point at (a match, a decision, a letter) keeps its random id and loses its person: of a sponsor stay
role, kind of support and country, for the statistics; of a member of staff nothing. Where nothing points at them, the
rows go. The audit trail holds ids only and is left as it is. Call `database.scrub` after the commit.
"""

import secrets
from typing import Any, Final

from sqlalchemy import delete, select, update
from sqlalchemy.exc import IntegrityError

from app.actions import audit, handing_over
from app.audit_words import AuditAction, AuditEntity
from app.clock import now
from app.database import locked, session
from app.errors import BadInput, NotFound
from app.mail.suppressions import suppress
from app.models import (
    Account,
    AccountClosing,
    AccountToken,
    AddressChange,
    Base,
    Caseload,
    Conflict,
    ExportRequest,
    ImportUpload,
    LoginSession,
    Match,
    MatchingTask,
    Office,
    OfficialAddress,
    OutgoingMail,
    ReadingCount,
    RecoveryCode,
    RunnerUp,
    SecondFactor,
    Sponsor,
    SponsorLanguage,
    StaffGrant,
    StaffRegion,
)
from app.queries import accounts
from app.queries.offices import INVITATION_LASTS
from app.vocabulary import EndReason, ProfessionGroup, SuppressionReason, VettingState

_OF_AN_ACCOUNT: Final[tuple[Any, ...]] = (
    OutgoingMail,
    AccountClosing,
    AccountToken,
    AddressChange,
    LoginSession,
    RecoveryCode,
    SecondFactor,
    ReadingCount,
    ImportUpload,
    Caseload,
    StaffRegion,
    StaffGrant,
    Office,
)
"""Tables whose rows go with their `account_id`; a mail takes its reminders and answers along."""

ERASED_NAME: Final = "(erased)"
"""What stands where somebody's name stood."""

_NOBODY: Final[dict[str, Any]] = {
    "name": ERASED_NAME,
    "search_key": "",
    "profession_group": ProfessionGroup.OTHER,
    "capacity": 0,
    "letters_a_month": 0,
    "available_from": None,
    "available_until": None,
    "parliament": None,
    "mandate_ends": None,
    "translation_wanted": False,
    "translation_offered": False,
    "wish_home_area": None,
    "wish_profession_group": None,
    "wish_gender": None,
    "wish_age_group": None,
    "wish_long_sentence": False,
    "conflict_notes_sealed": None,
    "vetting_state": VettingState.REJECTED,
    "vetting_reason_sealed": None,
    "vetted_at": None,
    "vetted_by": None,
    "vetting_basis": None,
    "person_vets": True,
    "paused_at": None,
    "paused_by": None,
    "resumes_on": None,
    "quiet_days": [],
    "reminders_off": [],
    "no_reminders": True,
    "idea_weeks": 0,
    "last_sign_on": None,
    "consented_on": None,
    "held": False,
}
"""What a sponsor's columns hold once nobody is in them any more."""


def erase(*, email: str, by: str | None, hand_over_to: str | None = None) -> None:
    """Erase whoever has the address, and let no mail go to it again.

    `by` is the id of the account that asks, None for the command line. `hand_over_to` is the address of a colleague
    who takes the caseload and the regions. Raises NotFound for an unknown address, HasDuties for the last
    administrator and for staff whose work nobody takes, BadInput for a colleague who cannot take it.
    """
    account = accounts.by_email(email)
    if account is None:
        raise NotFound("Nobody has this address.")
    suppress(account.email_key, SuppressionReason.ERASED)
    forget(account.id, by=by, hand_over_to=hand_over_to)


def forget(account_id: str, *, by: str | None, hand_over_to: str | None = None) -> None:
    """The same by id, where mail may go to the address again: for who was never taken on. Raises as `erase`."""
    administrators = handing_over.locked_administrators()
    sponsor = session().scalar(locked(select(Sponsor).where(Sponsor.account_id == account_id)))
    happenings = [] if sponsor is None else handing_over.hand_back(sponsor, reason=EndReason.ERASED)
    account = session().scalars(locked(select(Account).where(Account.id == account_id))).one()
    handing_over.check_another_administrator(account, administrators)
    happenings += handing_over.lay_down(account, colleague=_successor(hand_over_to))
    session().flush()
    if sponsor is not None:
        happenings += close_offices(sponsor.id)
        _empty_sponsor(sponsor.id)
        happenings.append(audit.Happening(AuditAction.ERASE, AuditEntity.SPONSOR, sponsor.id))
    _empty_account(account_id)
    drop_what_nothing_needs(account_id)
    session().expire_all()
    happenings.append(audit.Happening(AuditAction.ERASE, AuditEntity.ACCOUNT, account_id))
    audit.record_many(happenings, by=by)


def close_offices(sponsor_id: str, *, office_id: str | None = None) -> list[audit.Happening]:
    """Erase the log-ins that act for the sponsor, or one of them: an office outlives nobody, and is nothing else.

    Invitations go, too. Gives what happened, for the audit trail.
    """
    theirs = select(Office.id, Office.account_id).where(Office.sponsor_id == sponsor_id).order_by(Office.id)
    if office_id is not None:
        theirs = theirs.where(Office.id == office_id)
    session().flush()
    closed = session().execute(theirs).all()
    _delete(Office, Office.id.in_([row.id for row in closed]))
    happenings = []
    for row in closed:
        happenings.append(audit.Happening(AuditAction.REMOVE_OFFICE, AuditEntity.OFFICE, row.id))
        if row.account_id is not None:
            _empty_account(row.account_id)
            drop_what_nothing_needs(row.account_id)
            happenings.append(audit.Happening(AuditAction.ERASE, AuditEntity.ACCOUNT, row.account_id))
    session().expire_all()
    return happenings


def drop_lapsed_invitations(*, sponsor_id: str | None = None, at_most: int | None = None) -> int:
    """Erase invitations that nobody has followed in time, of one sponsor or of all; gives how many."""
    over = Office.joined_at.is_(None), Office.invited_at <= now() - INVITATION_LASTS
    lapsed = select(Office.id, Office.sponsor_id).where(*over).order_by(Office.id)
    if sponsor_id is not None:
        lapsed = lapsed.where(Office.sponsor_id == sponsor_id)
    rows = session().execute(lapsed.limit(at_most)).all()
    happenings = [what for row in rows for what in close_offices(row.sponsor_id, office_id=row.id)]
    if happenings:
        audit.record_many(happenings, by=None)
    return len(rows)


def _successor(hand_over_to: str | None) -> Account | None:
    """The colleague with this address. Raises BadInput for one that nobody has."""
    if hand_over_to is None:
        return None
    colleague = accounts.by_email(hand_over_to)
    if colleague is None:
        raise BadInput(f"{hand_over_to} is no other coordinator.")
    return colleague


def _empty_sponsor(sponsor_id: str) -> None:
    for table in (SponsorLanguage, Conflict, OfficialAddress):
        _delete(table, table.sponsor_id == sponsor_id)
    _update(RunnerUp, RunnerUp.sponsor_id == sponsor_id, {"sponsor_id": None})
    notes: dict[str, Any] = {
        "decline_note_sealed": None,
        "refusal_note_sealed": None,
        "coordinator_note_sealed": None,
        "terms": {},
    }
    _update(Match, Match.sponsor_id == sponsor_id, notes)
    _update(Sponsor, Sponsor.id == sponsor_id, {**_NOBODY, "version": Sponsor.version + 1})


def _empty_account(account_id: str) -> None:
    for table in _OF_AN_ACCOUNT:
        _delete(table, table.account_id == account_id)
    for asked in (MatchingTask, ExportRequest):
        _delete(asked, asked.asked_by == account_id)
    nobody = {
        **Account.email.columns(f"erased-{account_id}", account_id),
        "password_hash": f"{accounts.NO_PASSWORD}{secrets.token_hex(8)}",
        "interface_language": "en",
        "time_zone": "UTC",
        "email_confirmed_at": None,
        "disabled_at": now(),
    }
    _update(Account, Account.id == account_id, nobody)


def drop_what_nothing_needs(account_id: str) -> None:
    """Delete an erased account's emptied rows, unless a match, a decision or a letter points at them."""
    for table, which in ((Sponsor, Sponsor.account_id == account_id), (Account, Account.id == account_id)):
        try:
            with session().begin_nested():
                _delete(table, which)
        except IntegrityError:
            return


def _delete(table: type[Base], which: Any) -> None:
    session().execute(delete(table).where(which).execution_options(synchronize_session=False))


def _update(table: type[Base], which: Any, values: dict[str, Any]) -> None:
    session().execute(update(table).where(which).values(values).execution_options(synchronize_session=False))
