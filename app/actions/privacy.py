"""Erasing somebody: the account, the sponsor, and all that hangs on them (docs/threats.md, P5).

A row that others point at (a match, a decision, a letter) keeps its random id and loses its person: of a sponsor stay
role, kind of support and country, for the statistics; of a member of staff nothing. Where nothing points at them, the
rows go. The audit trail holds ids only and is left as it is. Call `database.scrub` after the commit.
"""

import secrets
from collections.abc import Iterable
from typing import Any, Final

from sqlalchemy import delete, func, select, update
from sqlalchemy.exc import IntegrityError

from app.actions import audit, matches
from app.audit_words import AuditAction, AuditEntity
from app.clock import now
from app.database import locked, session
from app.errors import BadInput, HasDuties, NotFound
from app.mail.suppressions import suppress
from app.models import (
    Account,
    AccountToken,
    AddressChange,
    Base,
    Caseload,
    Conflict,
    ImportUpload,
    LoginSession,
    Match,
    MatchingTask,
    Office,
    OfficialAddress,
    OutgoingMail,
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
from app.vocabulary import (
    LIVE_STATES,
    EndReason,
    MatchState,
    ProfessionGroup,
    StaffRole,
    SuppressionReason,
    VettingState,
)

_OF_AN_ACCOUNT: Final[tuple[Any, ...]] = (
    OutgoingMail,
    AccountToken,
    AddressChange,
    LoginSession,
    RecoveryCode,
    SecondFactor,
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
    sponsor = session().scalar(locked(select(Sponsor).where(Sponsor.account_id == account_id)))
    happenings = [] if sponsor is None else _part(sponsor)
    account = session().scalars(locked(select(Account).where(Account.id == account_id))).one()
    happenings += _lay_down_work(account, hand_over_to)
    session().flush()
    if sponsor is not None:
        happenings += close_offices(sponsor.id)
        _empty_sponsor(sponsor.id)
        happenings.append(audit.Happening(AuditAction.ERASE, AuditEntity.SPONSOR, sponsor.id))
    _empty_account(account_id)
    _drop_what_nothing_needs(account_id)
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
            _drop_what_nothing_needs(row.account_id)
            happenings.append(audit.Happening(AuditAction.ERASE, AuditEntity.ACCOUNT, row.account_id))
    session().expire_all()
    return happenings


def drop_lapsed_invitations(*, sponsor_id: str | None = None) -> int:
    """Erase invitations that nobody has followed in time, of one sponsor or of all; gives how many."""
    over = Office.joined_at.is_(None), Office.invited_at <= now() - INVITATION_LASTS
    lapsed = select(Office.id, Office.sponsor_id).where(*over).order_by(Office.id)
    if sponsor_id is not None:
        lapsed = lapsed.where(Office.sponsor_id == sponsor_id)
    rows = session().execute(lapsed).all()
    happenings = [what for row in rows for what in close_offices(row.sponsor_id, office_id=row.id)]
    if happenings:
        audit.record_many(happenings, by=None)
    return len(rows)


def _part(sponsor: Sponsor) -> list[audit.Happening]:
    """Hand everybody back whom the sponsor stands by, as when they leave."""
    undecided_or_live = Match.state.in_((MatchState.PROPOSED, *LIVE_STATES))
    theirs = locked(select(Match).where(Match.sponsor_id == sponsor.id, undecided_or_live).order_by(Match.id))
    return matches.let_go(session().scalars(theirs), reason=EndReason.ERASED)


def _lay_down_work(account: Account, hand_over_to: str | None) -> list[audit.Happening]:
    if StaffRole.ADMINISTRATOR in account.staff_roles and _administrators() == 1:
        raise HasDuties("This is the last administrator. Make another one first.")
    caseload = set(session().scalars(select(Caseload.prisoner_id).where(Caseload.account_id == account.id)))
    if not caseload and not account.region_codes:
        return []
    if hand_over_to is None:
        raise HasDuties("They look after regions or prisoners. Say who takes these over.")
    colleague = accounts.by_email(hand_over_to)
    if not _can_take_over(colleague, account):
        raise BadInput(f"{hand_over_to} is no other coordinator.")
    assert colleague is not None  # seen in the line before; the type checker cannot
    _hand_over(account, colleague, caseload)
    fields = ("caseload", "regions")
    return [audit.Happening(AuditAction.HAND_OVER, AuditEntity.ACCOUNT, colleague.id, fields)]


def _administrators() -> int:
    """How many people could still log in as administrators."""
    here = select(func.count()).select_from(StaffGrant).join(Account, Account.id == StaffGrant.account_id)
    return session().scalar(here.where(StaffGrant.role == StaffRole.ADMINISTRATOR, Account.disabled_at.is_(None))) or 0


def _can_take_over(colleague: Account | None, account: Account) -> bool:
    if colleague is None or colleague.id == account.id or colleague.disabled_at is not None:
        return False
    return StaffRole.COORDINATOR in colleague.staff_roles


def _hand_over(account: Account, colleague: Account, caseload: Iterable[str]) -> None:
    has = set(session().scalars(select(Caseload.prisoner_id).where(Caseload.account_id == colleague.id)))
    session().add_all(Caseload(account_id=colleague.id, prisoner_id=one) for one in sorted(set(caseload) - has))
    missing = sorted(account.region_codes - colleague.region_codes)
    session().add_all(StaffRegion(account_id=colleague.id, country=country) for country in missing)


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
    _delete(MatchingTask, MatchingTask.asked_by == account_id)
    nobody = {
        "email": f"erased-{account_id}",
        "email_key": f"erased-{account_id}",
        "password_hash": f"!{secrets.token_hex(8)}",
        "interface_language": "en",
        "time_zone": "UTC",
        "email_confirmed_at": None,
        "disabled_at": now(),
    }
    _update(Account, Account.id == account_id, nobody)


def _drop_what_nothing_needs(account_id: str) -> None:
    """Delete the emptied rows, unless a match, a decision or a letter points at them."""
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
