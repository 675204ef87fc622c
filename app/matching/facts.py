"""What the platform knows about both sides on the day of a run, as values. Pure.

`scoring.score` turns a fact sheet into an instance. `app.queries` fills one from the database, `facts_file` from a
file.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from app.matching.policy import Policy
from app.partial_date import PartialDate
from app.vocabulary import (
    AgeGroup,
    DetentionStatus,
    Fact,
    Gender,
    LanguageLevel,
    MailAccess,
    MailRoute,
    ProfessionGroup,
    Publicity,
    SponsorRole,
    SupportKind,
)

NO_ROLE_LIMITS: Mapping[SponsorRole, int] = {}


@dataclass(frozen=True, kw_only=True)
class PrisonerFacts:
    """One prisoner. `seats` and `role_seats` are still open; life or death is a `sentence_years` of 99.

    `supporters` counts live matches of any kind, `supporters_of_kind` those of the run's kind.
    """

    id: str
    detention_status: DetentionStatus
    detained_in: str
    publicity: Publicity
    mail_access: MailAccess = MailAccess.UNKNOWN
    seats: int
    role_seats: Mapping[SponsorRole, int] = field(default_factory=lambda: NO_ROLE_LIMITS)
    supporters: int = 0
    supporters_of_kind: int = 0
    supporter_countries: frozenset[str] = frozenset()
    facility_languages: frozenset[str] = frozenset()
    reads: frozenset[str] = frozenset()
    profession_group: ProfessionGroup | None = None
    gender: Gender | None = None
    birth_date: PartialDate | None = None
    arrested_on: PartialDate | None = None
    sentence_years: float | None = None
    home_area: str | None = None
    case: str | None = None
    facts: frozenset[Fact] = frozenset()
    pinned_tier: int | None = None
    held: bool = False


@dataclass(frozen=True, kw_only=True)
class Wishes:
    """Whom a sponsor would rather support; None (or False) is no wish."""

    home_area: str | None = None
    profession_group: ProfessionGroup | None = None
    gender: Gender | None = None
    age_group: AgeGroup | None = None
    long_sentence: bool = False


@dataclass(frozen=True, kw_only=True)
class SponsorFacts:
    """One sponsor. `capacity_left` is still open; `conflicts` are ids of prisoners; `mail_route` is their country's."""

    id: str
    role: SponsorRole
    kind: SupportKind
    vetted: bool
    email_verified: bool
    country: str
    languages: Mapping[str, LanguageLevel]
    capacity_left: int
    available_from: date | None = None
    available_until: date | None = None
    paused: bool = False
    mandate_ends: date | None = None
    profession_group: ProfessionGroup | None = None
    wishes: Wishes = Wishes()
    conflicts: frozenset[str] = frozenset()
    mail_route: MailRoute = MailRoute.DIRECT
    translation: bool = False
    waiting_since: date | None = None
    supports_cases: frozenset[str] = frozenset()
    held: bool = False


IdPair = tuple[str, str]
"""A prisoner's id and a sponsor's, in this order."""


@dataclass(frozen=True, kw_only=True)
class FactSheet:
    """Everything one run of one support kind looks at. Ids are unique on each side.

    `live_pairs` holds live matches of either kind, `refused_pairs` what either side or a coordinator turned down,
    `previous` the undecided proposals of the run before. `policy` is the one that came with the sheet, if any.
    """

    kind: SupportKind
    date: date
    prisoners: tuple[PrisonerFacts, ...]
    sponsors: tuple[SponsorFacts, ...]
    live_pairs: frozenset[IdPair] = frozenset()
    refused_pairs: frozenset[IdPair] = frozenset()
    previous: frozenset[IdPair] = frozenset()
    policy: Policy | None = None
