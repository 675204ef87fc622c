"""Invented prisoners and sponsors, planted to see who opens a record without a reason (docs/threats.md, Z8).

Only the names come from the administrator; the rest resembles a record picked by chance, so that nothing stands out.
They are never matched (`app.queries.matching`, and a guard in the database) and never mailed (`app.mail.messages`).
"""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import select

from app.actions import accounts as account_actions
from app.actions import audit
from app.actions.prisoners import key_of_names
from app.audit_words import AuditAction, AuditEntity
from app.clock import now
from app.database import locked, session
from app.errors import BadInput, NotAllowed, NotFound
from app.models import Account, Canary, Caseload, FieldSource, Prisoner, Sponsor, SponsorLanguage, new_id
from app.partial_date import PartialDate
from app.permissions import Permission, Viewer, allowed
from app.queries import canaries as queries
from app.search_key import search_key
from app.vocabulary import Gender, Publicity, VettingState

_LIKE_A_PRISONER: Final = (
    "country", "gender", "sentence", "sentence_years", "penalty", "articles", "detention_status", "mail_access",
    "facility_id", "occupation", "profession_group", "reads", "home_area", "godparent_seats", "letter_writer_seats",
)  # fmt: skip
_LIKE_A_SPONSOR: Final = (
    "role", "support_kind", "profession_group", "capacity", "letters_a_month", "parliament", "mandate_ends",
    "translation_wanted", "translation_offered", "vetted_by", "vetting_basis",
)  # fmt: skip
_DATES: Final = ("birth_date", "arrested_on", "verdict_on")
_DAYS_ASIDE: Final = 40
_BATCH: Final = timedelta(seconds=1)
"""So near each other records of one list are made."""

_SIGNED_UP_EARLIER: Final = timedelta(days=20)


@dataclass(frozen=True, kw_only=True)
class InventedPrisoner:
    """What an administrator says of a prisoner who does not exist."""

    name: str
    name_cyrillic: str | None
    gender: Gender


@dataclass(frozen=True, kw_only=True)
class InventedSponsor:
    """What an administrator says of a sponsor who does not exist; no mail will ever go to the address."""

    name: str
    email: str
    country: str
    vetting_reason: str


def plant_prisoner(invented: InventedPrisoner, *, by: Viewer) -> Canary:
    """Add the prisoner to every caseload that holds somebody, known to coordinators only.

    Raises NotAllowed, and BadInput while nobody is held whom the record could resemble.
    """
    _check(by)
    model = queries.model_prisoner(invented.gender)
    if model is None:
        raise BadInput("There is nobody yet whom an invented prisoner could resemble.")
    prisoner = Prisoner(
        id=new_id(),
        name=invented.name,
        name_latin=invented.name,
        name_cyrillic=invented.name_cyrillic,
        search_key=key_of_names(invented.name, invented.name_cyrillic),
        publicity=Publicity.COORDINATORS_ONLY,
        created_at=model.created_at + _random(_BATCH),
        **_copied(model, _LIKE_A_PRISONER),
        **_moved_aside(model),
    )
    prisoner.field_sources = [
        FieldSource(field=each.field, source=each.source, as_of=each.as_of)
        for each in model.field_sources
        if getattr(prisoner, "facility_id" if each.field == "facility" else each.field, None)
    ]
    session().add(prisoner)
    session().flush()
    session().add_all(Caseload(account_id=each, prisoner_id=prisoner.id) for each in queries.with_caseloads())
    return _plant(Canary(prisoner_id=prisoner.id), by)


def _copied(model: Prisoner | Sponsor, names: tuple[str, ...]) -> dict[str, Any]:
    return {name: getattr(model, name) for name in names}


def _moved_aside(model: Prisoner) -> dict[str, PartialDate | None]:
    """The model's dates, all moved by the same few weeks: nobody is in the records twice."""
    days = timedelta(days=7 + secrets.randbelow(_DAYS_ASIDE))
    return {name: _earlier(getattr(model, name), days) for name in _DATES}


def _earlier(known: PartialDate | None, days: timedelta) -> PartialDate | None:
    if known is None or known.whole is None:
        return known
    moved = known.whole - days
    return PartialDate(moved.year, moved.month, moved.day)


def plant_sponsor(invented: InventedSponsor, *, password_hash: str, by: Viewer) -> Canary:
    """Add the sponsor, vetted, with an account that nobody has the password of.

    `password_hash` is of something random. Raises NotAllowed, and BadInput for an address that has an account, or while
    nobody is vetted whom the record could resemble.
    """
    _check(by)
    model = queries.model_sponsor(invented.country)
    if model is None:
        raise BadInput("There is nobody yet whom an invented sponsor could resemble.")
    signed_up_at = model.created_at - _random(_SIGNED_UP_EARLIER)
    account = _account_like(model, invented.email, password_hash)
    account.created_at = signed_up_at
    account.email_confirmed_at = _sooner(model.account.email_confirmed_at, model.created_at, from_=signed_up_at)
    sponsor = Sponsor(
        id=new_id(),
        account_id=account.id,
        name=invented.name,
        search_key=search_key(invented.name),
        country=invented.country,
        vetting_state=VettingState.VETTED,
        vetting_reason=invented.vetting_reason,
        created_at=signed_up_at,
        vetted_at=_sooner(model.vetted_at, model.created_at, from_=signed_up_at),
        languages=[SponsorLanguage(language=each.language, level=each.level) for each in model.languages],
        **_copied(model, _LIKE_A_SPONSOR),
    )
    session().add(sponsor)
    session().flush()
    return _plant(Canary(sponsor_id=sponsor.id, account_id=account.id), by)


def _account_like(model: Sponsor, email: str, password_hash: str) -> Account:
    account = account_actions.create_if_free(
        email=email,
        password_hash=password_hash,
        time_zone=model.account.time_zone,
        interface_language=model.account.interface_language,
    )
    if account is None:
        raise BadInput("This address has an account already.")
    return account


def _sooner(moment: datetime | None, begun: datetime, *, from_: datetime) -> datetime | None:
    """What happened to the model so long after it had `begun`, a little sooner after `from_`: no two moments, and no
    two spans between them, stand in the records twice."""
    return None if moment is None else from_ + (moment - begun) - _random((moment - begun) / 4)


def _random(longest: timedelta) -> timedelta:
    """A span of at least a microsecond and less than `longest`, as nobody could guess it."""
    return timedelta(microseconds=1 + secrets.randbelow(max(1, int(longest / timedelta(microseconds=1)) - 1)))


def _plant(canary: Canary, by: Viewer) -> Canary:
    canary.id, canary.planted_at, canary.planted_by = new_id(), now(), by.account_id
    session().add(canary)
    session().flush()
    audit.record(action=AuditAction.PLANT, by=by.account_id, entity=AuditEntity.CANARY, entity_id=canary.id)
    return canary


def take_out(*, canary_id: str, by: Viewer) -> None:
    """Delete an invented person, with the account of an invented sponsor. Raises NotAllowed and NotFound."""
    _check(by)
    canary = session().scalar(locked(select(Canary).where(Canary.id == canary_id)))
    if canary is None:
        raise NotFound("There is no such record.")
    prisoner = session().get(Prisoner, canary.prisoner_id) if canary.prisoner_id else None
    account = session().get(Account, canary.account_id) if canary.account_id else None
    session().delete(canary)
    session().flush()
    for row in filter(None, (prisoner, account)):
        session().delete(row)
    audit.record(action=AuditAction.TAKE_OUT, by=by.account_id, entity=AuditEntity.CANARY, entity_id=canary_id)


def _check(by: Viewer) -> None:
    if not allowed(by, Permission.WATCH_STAFF):
        raise NotAllowed("Only administrators plant records.")
