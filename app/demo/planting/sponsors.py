"""Planting staff, and sponsors with their accounts; what they did since they signed up goes into the chronicle."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import and_, insert, select

from app.audit_words import AuditAction, AuditEntity
from app.database import session
from app.demo.logins import seed_of_app
from app.demo.people import InventedPrisoner, InventedSponsor, Member
from app.demo.planting.chronicle import Change
from app.demo.planting.mails import PlannedMail
from app.mail import occasions
from app.mail.outbox import Message
from app.models import Account, Base, Conflict, Match, SecondFactor, Sponsor, SponsorLanguage, StaffGrant, StaffRegion
from app.models.sealed import sealed_values
from app.passwords import make_hash
from app.permissions import EVERYWHERE
from app.search_key import search_key
from app.vocabulary import EndReason, MatchState, StaffRole, VettingState

_SAME_IN_BOTH: Final = (
    "id", "account_id", "name", "role", "support_kind", "profession_group", "capacity", "letters_a_month",
    "available_from", "available_until", "parliament", "mandate_ends", "translation_wanted", "conflict_notes", "held",
)  # fmt: skip
_MAPPED_AFTER: Final = timedelta(minutes=4)


def hash_for_everybody(password: str) -> str:
    """The one hash that everybody in the demo shares: making it takes a tenth of a second."""
    return make_hash(password)


def account_row(id_: str, email: str, password_hash: str, *, at: datetime, time_zone: str) -> dict[str, Any]:
    """The columns of an account with an address that is still to be confirmed."""
    return {
        "id": id_,
        **Account.email.columns(email, id_),
        "password_hash": password_hash,
        "interface_language": "en",
        "time_zone": time_zone,
        "created_at": at,
        "email_confirmed_at": None,
    }


def plant_staff(staff: Sequence[Member], *, password_hash: str, at: datetime) -> Iterator[Change]:
    """Appoint everybody at a moment; gives the changes for the chronicle."""
    accounts = [account_row(member.id, member.email, password_hash, at=at, time_zone="UTC") for member in staff]
    _insert(Account, [account | {"email_confirmed_at": at} for account in accounts])
    for member in staff:
        seed = seed_of_app(member.email)
        session().add(SecondFactor(account_id=member.id, seed=seed, begun_at=at, confirmed_at=at))
    given = {"granted_at": at, "granted_by": None}
    _insert(StaffGrant, [{"account_id": m.id, "role": role} | given for m in staff for role in m.roles])
    _insert(StaffRegion, [{"account_id": m.id, "country": country} for m in staff for country in m.regions])
    for member in staff:
        fields = ("regions", "roles")
        yield Change(
            at=at, by=None, action=AuditAction.APPOINT, entity=AuditEntity.ACCOUNT, entity_id=member.id, fields=fields
        )


def coordinator_of(country: str, staff: Sequence[Member]) -> str:
    """The account of the coordinator whose region a country is."""
    mine = (m.id for m in staff if StaffRole.PROGRAMME in m.roles and country in (*m.regions, EVERYWHERE))
    return next(mine)


def plant_sponsors(
    people: Sequence[InventedSponsor], *, password_hash: str, staff: Sequence[Member]
) -> Iterator[Change]:
    """Store everybody as they signed up; gives the changes since then for the chronicle."""
    _insert(
        Account,
        [account_row(p.account_id, p.email, password_hash, at=p.signed_up_at, time_zone=p.time_zone) for p in people],
    )
    _insert(Sponsor, [sealed_values(Sponsor, _row(person)) for person in people])
    _insert(SponsorLanguage, [row for person in people for row in _language_rows(person)])
    for person in people:
        yield from _changes(person, coordinator_of(person.country.code, staff))


def _row(person: InventedSponsor) -> dict[str, Any]:
    """The sponsor as they signed up: not vetted, not paused."""
    wishes = {f"wish_{name}": wished for name, wished in asdict(person.wish).items()}
    return (
        {column: getattr(person, column) for column in _SAME_IN_BOTH}
        | wishes
        | {
            "search_key": search_key(person.name),
            "country": person.country.code,
            "translation_offered": False,
            "vetting_state": VettingState.PENDING,
            "created_at": person.signed_up_at,
            "version": 1,
        }
    )


def _language_rows(person: InventedSponsor) -> Iterator[dict[str, Any]]:
    for language, level in person.languages.items():
        yield {"sponsor_id": person.id, "language": language, "level": level}


def _changes(person: InventedSponsor, coordinator: str) -> Iterator[Change]:
    account = person.account_id
    yield Change(
        at=person.signed_up_at,
        by=account,
        action=AuditAction.SIGN_UP,
        entity=AuditEntity.SPONSOR,
        entity_id=person.id,
        mail=_confirmation(person),
    )
    if person.confirmed_at is not None:
        yield Change(
            at=person.confirmed_at,
            by=account,
            action=AuditAction.CONFIRM_ADDRESS,
            entity=AuditEntity.ACCOUNT,
            entity_id=account,
            fields=("email_confirmed_at",),
            values={"email_confirmed_at": person.confirmed_at},
        )
    if person.vetted_at is not None:
        yield _vetting(person, person.vetted_at, coordinator)
    if person.paused_at is not None:
        values = {"paused_at": person.paused_at, "paused_by": account}
        yield Change(
            at=person.paused_at,
            by=account,
            action=AuditAction.PAUSE,
            entity=AuditEntity.SPONSOR,
            entity_id=person.id,
            fields=("paused_at",),
            values=values,
        )


def _confirmation(person: InventedSponsor) -> PlannedMail:
    return PlannedMail(
        message=Message.CONFIRM_ADDRESS,
        occasion=occasions.confirmation(person.account_id, at=person.signed_up_at),
        account_id=person.account_id,
        created_at=person.signed_up_at,
    )


def _vetting(person: InventedSponsor, at: datetime, coordinator: str) -> Change:
    vetted = person.vetting_state is VettingState.VETTED
    message = Message.SPONSOR_VETTED if vetted else Message.SPONSOR_REJECTED
    occasion = occasions.vetting(message, person.id, version=1)
    values = {
        "vetting_state": person.vetting_state,
        "vetting_reason": person.vetting_reason,
        "vetted_at": at,
        "vetted_by": coordinator,
        "translation_offered": person.translation_offered,
    }
    return Change(
        at=at,
        by=coordinator,
        action=AuditAction(person.vetting_state),
        entity=AuditEntity.SPONSOR,
        entity_id=person.id,
        fields=("vetting_state", "vetting_reason", "translation_offered"),
        values=values,
        mail=PlannedMail(message=message, occasion=occasion, account_id=person.account_id, created_at=at),
    )


def plant_conflicts(
    people: Sequence[InventedSponsor], *, prisoners: Sequence[InventedPrisoner], at: datetime, staff: Sequence[Member]
) -> Iterator[Change]:
    """Map the conflicts that sponsors told of, at a moment at the earliest; gives the changes for the chronicle."""
    rows = []
    for person in people:
        if person.conflict is None or person.vetted_at is None:
            continue
        coordinator = coordinator_of(person.country.code, staff)
        recorded_at = max(person.vetted_at, at) + _MAPPED_AFTER
        prisoner = prisoners[person.conflict % len(prisoners)]
        rows.append(
            {
                "sponsor_id": person.id,
                "prisoner_id": prisoner.id,
                "recorded_at": recorded_at,
                "recorded_by": coordinator,
            }
        )
        yield Change(
            at=recorded_at,
            by=coordinator,
            action=AuditAction.MAP_CONFLICT,
            entity=AuditEntity.SPONSOR,
            entity_id=person.id,
            fields=("conflicts",),
        )
    _insert(Conflict, rows)


def name_witness(email: str, *, others_than: Collection[str]) -> None:
    """Give the address to the account of the sponsor who saw the newest release, so that it can be tried.

    In a world where no release ended a match it is any vetted sponsor's. `others_than`: accounts to be left alone.
    """
    saw = and_(Match.sponsor_id == Sponsor.id, Match.state == MatchState.ENDED, Match.end_reason == EndReason.RELEASED)
    query = select(Sponsor.account_id).outerjoin(Match, saw).where(Sponsor.vetting_state == VettingState.VETTED)
    newest = query.where(Sponsor.account_id.not_in(others_than)).order_by(
        Match.ended_at.desc().nulls_last(), Sponsor.id
    )
    account_id = session().scalars(newest.limit(1)).one()
    session().get_one(Account, account_id).email = email


def _insert(model: type[Base], rows: list[dict[str, Any]]) -> None:
    if rows:
        session().execute(insert(model), rows)
