"""The people of the demo's world, as values: what is invented of each before anything is stored. Pure."""

from dataclasses import dataclass
from datetime import date, datetime

from app.demo.countries import Country
from app.demo.names import InventedName
from app.partial_date import PartialDate
from app.vocabulary import (
    AgeGroup,
    DetentionStatus,
    EventType,
    Fact,
    Gender,
    LanguageLevel,
    MailAccess,
    ProfessionGroup,
    Publicity,
    PublicityBasis,
    SponsorRole,
    StaffRole,
    SupportKind,
    VettingState,
    Visibility,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class InventedFact:
    """One vulnerability fact with its source, day and visibility."""

    fact: Fact
    source: str
    as_of: date
    visibility: Visibility


@dataclass(frozen=True, slots=True, kw_only=True)
class Custody:
    """How somebody is held; without a verdict no sentence. `facility`: the place's number in `places.facilities`."""

    detention_status: DetentionStatus
    facility: int | None
    articles: tuple[str, ...]
    verdict_on: PartialDate | None = None
    sentence: str | None = None
    sentence_years: float | None = None
    penalty: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class InventedEvent:
    """One thing that happened on a day and was recorded at a moment, and how they were held from then.

    `facility`: where a transfer or return led, as in `Custody`; None is not known, or leads nowhere.
    """

    id: str
    at: datetime
    type: EventType
    happened_on: date
    source: str
    status: DetentionStatus
    facility: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class InventedPrisoner:
    """A prisoner. `entry` is the batch they were entered with, `custody` how they were held then."""

    id: str
    number: int
    entry: int
    name: InventedName
    gender: Gender
    birth_date: PartialDate
    arrested_on: PartialDate
    custody: Custody
    mail_access: MailAccess
    story: str
    occupation: str
    profession_group: ProfessionGroup
    reads: tuple[str, ...]
    home_area: str
    case_code: str | None
    publicity: Publicity
    basis: PublicityBasis | None
    godparent_seats: int
    letter_writer_seats: int
    held: bool
    pinned_tier: int | None
    facts: tuple[InventedFact, ...]
    role_limits: tuple[tuple[SupportKind, SponsorRole, int], ...]
    events: tuple[InventedEvent, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """Whom a sponsor would rather support."""

    home_area: str | None = None
    profession_group: ProfessionGroup | None = None
    gender: Gender | None = None
    age_group: AgeGroup | None = None
    long_sentence: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class InventedSponsor:
    """A sponsor and their account. `conflict` says which of the first prisoners a coordinator mapped for them."""

    id: str
    account_id: str
    number: int
    name: str
    email: str
    country: Country
    time_zone: str
    role: SponsorRole
    support_kind: SupportKind
    profession_group: ProfessionGroup
    capacity: int
    letters_a_month: int
    available_from: date | None
    available_until: date | None
    parliament: str | None
    mandate_ends: date | None
    languages: dict[str, LanguageLevel]
    translation_wanted: bool
    translation_offered: bool
    wish: Wish
    conflict_notes: str | None
    conflict: int | None
    signed_up_at: datetime
    confirmed_at: datetime | None
    vetting_state: VettingState
    vetted_at: datetime | None
    vetting_reason: str | None
    paused_at: datetime | None
    held: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """A member of staff. `caseload_every`: every how manieth prisoner is theirs; None where none is given to them."""

    id: str
    email: str
    roles: tuple[StaffRole, ...]
    regions: tuple[str, ...]
    caseload_every: int | None = None
