"""Sponsors: signing up, vetting, and whom they must not be paired with."""

from dataclasses import dataclass, field
from datetime import date

from sqlalchemy import Select, select

from app.actions import accounts as account_actions
from app.actions import audit, limits, privacy, vetting
from app.actions.matches import let_go
from app.addresses import mailbox_key
from app.attempts import MAILBOX_MEMORY
from app.audit_words import AuditAction, AuditEntity
from app.clock import now
from app.database import locked, session
from app.detaining import DETAINING_COUNTRIES
from app.errors import BadInput, Conflict, NotAllowed, NotFound, StaleRecord, TooManyAttempts
from app.models import Account, Match, Prisoner, Sponsor, SponsorLanguage, new_id
from app.models import Conflict as ConflictRow
from app.permissions import Permission, Viewer, allowed
from app.queries import accounts
from app.queries.scope import prisoners_of
from app.search_key import search_key
from app.transitions import VETTING_MOVES, check_move
from app.vocabulary import (
    LIVE_STATES,
    AgeGroup,
    Gender,
    LanguageLevel,
    MatchState,
    ProfessionGroup,
    SponsorRole,
    SupportKind,
    VettingBasis,
    VettingState,
)

LONGEST_KEY = 200
"""Of a name's key: taking letters apart makes some names longer than they were written."""


@dataclass(frozen=True, kw_only=True)
class Application:
    """What somebody says of themselves when they sign up. Nothing in it vouches for anything: vetting does."""

    name: str
    role: SponsorRole
    support_kind: SupportKind
    country: str
    time_zone: str
    interface_language: str
    profession_group: ProfessionGroup
    capacity: int
    letters_a_month: int
    available_from: date | None = None
    available_until: date | None = None
    languages: dict[str, LanguageLevel] = field(default_factory=dict)
    translation_wanted: bool = False
    parliament: str | None = None
    mandate_ends: date | None = None
    wish_home_area: str | None = None
    wish_profession_group: ProfessionGroup | None = None
    wish_gender: Gender | None = None
    wish_age_group: AgeGroup | None = None
    wish_long_sentence: bool = False
    conflict_notes: str | None = None


def sign_up(application: Application, *, email: str, password_hash: str) -> Sponsor | None:
    """Store an application and queue the mail that confirms its address.

    Returns None when the address has an account: its owner is told by mail, and whoever typed it sees no difference
    (docs/threats.md, A2). Raises BadInput for a detaining country, before anything is stored, and TooManyAttempts where
    the mailbox, in whatever spelling, has got its mails for today (B2).
    """
    if application.country in DETAINING_COUNTRIES:
        raise BadInput("People in this country must not sign up here.")
    if not limits.may_mail(mailbox_key(email)):
        raise TooManyAttempts(int(MAILBOX_MEMORY.total_seconds()))
    account = _new_account(application, email=email, password_hash=password_hash)
    if account is None:
        return None
    sponsor = _new_sponsor(application, account)
    account_actions.ask_to_confirm(account)
    audit.record(action=AuditAction.SIGN_UP, by=account.id, entity=AuditEntity.SPONSOR, entity_id=sponsor.id)
    return sponsor


def _new_account(application: Application, *, email: str, password_hash: str) -> Account | None:
    """A new account; None when the address has one, whose owner is told.

    A sign-up that nobody has confirmed makes way: whoever types somebody's address keeps nobody out.
    """
    known = accounts.by_email(email)
    if known is not None and accounts.is_unconfirmed_sign_up(known):
        privacy.forget(known.id, by=None)
    account = account_actions.create_if_free(
        email=email,
        password_hash=password_hash,
        time_zone=application.time_zone,
        interface_language=application.interface_language,
    )
    if account is None and (known := accounts.by_email(email)) is not None:
        account_actions.tell_already_registered(known)
    return account


def _new_sponsor(application: Application, account: Account) -> Sponsor:
    values = {name: getattr(application, name) for name in _PLAIN_FIELDS}
    sponsor = Sponsor(
        id=new_id(),
        account_id=account.id,
        search_key=search_key(application.name)[:LONGEST_KEY],
        vetting_state=VettingState.PENDING,
        created_at=now(),
        languages=[SponsorLanguage(language=code, level=level) for code, level in application.languages.items()],
        **values,
    )
    session().add(sponsor)
    session().flush()
    return sponsor


_PLAIN_FIELDS = (
    "name", "role", "support_kind", "country", "profession_group", "capacity", "letters_a_month", "available_from",
    "available_until", "translation_wanted", "parliament", "mandate_ends", "wish_home_area", "wish_profession_group",
    "wish_gender", "wish_age_group", "wish_long_sentence", "conflict_notes",
)  # fmt: skip


def locked_sponsor(sponsor_id: str, *, by: Viewer) -> Sponsor:
    """The sponsor, locked, if they are of the coordinator's regions; NotFound looks alike for foreign and missing."""
    sponsor = session().scalar(locked(select(Sponsor).where(Sponsor.id == sponsor_id)))
    if sponsor is None or not by.covers_country(sponsor.country):
        raise NotFound("There is no such sponsor.")
    return sponsor


def vet(
    *,
    sponsor_id: str,
    by: Viewer,
    seen_version: int,
    decision: VettingState,
    reason: str,
    translation_offered: bool,
    basis: VettingBasis = VettingBasis.COORDINATOR,
) -> Sponsor:
    """Record that a coordinator checked who a sponsor is; the sponsor is told by mail.

    `reason` says how they were checked, or why they were turned away, and is for coordinators' eyes. Raises NotAllowed
    without the permission or for oneself, NotFound outside one's regions, StaleRecord, InvalidTransition, BadInput.
    """
    if not allowed(by, Permission.VET_SPONSORS):
        raise NotAllowed("Only coordinators vet sponsors.")
    if by.sponsor_id == sponsor_id:
        raise NotAllowed("Nobody vets themselves.")
    if not reason.strip():
        raise BadInput("Say how you checked, or why you decided so.")
    sponsor = locked_sponsor(sponsor_id, by=by)
    if sponsor.version != seen_version:
        raise StaleRecord("Somebody changed this sponsor since you opened the page.")
    if sponsor.account.email_confirmed_at is None:
        raise Conflict("Their address is not confirmed yet.")
    check_move(VETTING_MOVES, sponsor.vetting_state, decision)
    sponsor.vetting_state, sponsor.vetting_reason = decision, reason.strip()
    sponsor.vetted_at, sponsor.vetted_by = now(), by.account_id
    sponsor.vetting_basis, sponsor.translation_offered = basis, translation_offered
    vetting.tell(sponsor)
    fields = ("vetting_state", "vetting_basis", "vetting_reason", "translation_offered")
    happenings = [audit.Happening(AuditAction(decision), AuditEntity.SPONSOR, sponsor.id, fields)]
    if decision is VettingState.REJECTED:
        happenings += let_go(session().scalars(locked(_open_matches(sponsor.id))))
    audit.record_many(happenings, by=by.account_id)
    return sponsor


def reopen(*, sponsor_id: str, by: Viewer, seen_version: int) -> Sponsor:
    """Have somebody vetted again who was vetted or turned away: they wait for a decision as at first.

    What the coordinator before wrote stays to be read. Matches that go on do so; nobody is reminded meanwhile. No
    address vets them by itself from now on.
    """
    if not allowed(by, Permission.VET_SPONSORS):
        raise NotAllowed("Only coordinators vet sponsors.")
    if by.sponsor_id == sponsor_id:
        raise NotAllowed("Nobody vets themselves.")
    sponsor = locked_sponsor(sponsor_id, by=by)
    if sponsor.version != seen_version:
        raise StaleRecord("Somebody changed this sponsor since you opened the page.")
    if sponsor.account.disabled_at is not None:
        raise Conflict("They have left, or their log-in was closed: there is nobody to vet.")
    sponsor.person_vets = True
    audit.record_many([vetting.wait_again(sponsor)], by=by.account_id)
    return sponsor


def _open_matches(sponsor_id: str, prisoner_id: str | None = None) -> Select[Match]:
    """Everything between a sponsor and prisoners (or one of them) that is proposed, offered or live."""
    query = select(Match).where(Match.sponsor_id == sponsor_id, Match.state.in_((MatchState.PROPOSED, *LIVE_STATES)))
    return query.where(Match.prisoner_id == prisoner_id) if prisoner_id else query.order_by(Match.id)


def map_conflict(*, sponsor_id: str, prisoner_id: str, by: Viewer) -> None:
    """Record that the two must not be paired; once is enough. Raises NotAllowed, or NotFound for either side."""
    if not allowed(by, Permission.VET_SPONSORS):
        raise NotAllowed("Only coordinators map conflicts.")
    sponsor = locked_sponsor(sponsor_id, by=by)
    if session().scalar(select(Prisoner.id).where(Prisoner.id == prisoner_id, prisoners_of(by))) is None:
        raise NotFound("There is no such prisoner.")
    if session().get(ConflictRow, (sponsor.id, prisoner_id)) is not None:
        return
    row = ConflictRow(sponsor_id=sponsor.id, prisoner_id=prisoner_id, recorded_at=now(), recorded_by=by.account_id)
    session().add(row)
    happenings = [audit.Happening(AuditAction.MAP_CONFLICT, AuditEntity.SPONSOR, sponsor.id, ("conflicts",))]
    happenings += let_go(session().scalars(locked(_open_matches(sponsor.id, prisoner_id))))
    audit.record_many(happenings, by=by.account_id)
