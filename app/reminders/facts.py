"""What reminders depend on: one match, its two sides, and the post between them. Pure."""

from dataclasses import dataclass
from datetime import date

from app.vocabulary import (
    DetentionStatus,
    MailAccess,
    MailRoute,
    MatchState,
    ReminderKind,
    SupportKind,
    VettingState,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class SponsorFacts:
    """The sponsor. `held`: a coordinator holds them back. `time_zone` is an IANA name.

    `paused` without `resumes_on` has no end of its own. `quiet_days`: days of the week without a reminder, 0 is Monday.
    """

    account_id: str
    time_zone: str
    letters_a_month: int
    vetting_state: VettingState
    address_confirmed: bool
    disabled: bool
    paused: bool
    resumes_on: date | None
    quiet_days: frozenset[int]
    unwanted: frozenset[ReminderKind]
    held: bool
    available_from: date | None
    available_until: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class PrisonerFacts:
    """The prisoner. `birthday`: their whole date of birth, None where it is not known to the day.

    `has_address`: the facility is known with street and postcode. `route`: how post goes there from the sponsor's
    country.
    """

    detention_status: DetentionStatus
    died: bool
    held: bool
    birthday: date | None
    mail_access: MailAccess
    has_address: bool
    route: MailRoute


@dataclass(frozen=True, slots=True, kw_only=True)
class MatchFacts:
    """One match. Days are in UTC: an occasion must not move because somebody moved.

    `offered_on`: when it was approved; `active_since`: when the sponsor accepted; `last_letter_on`: the last that was
    sent.
    """

    match_id: str
    kind: SupportKind
    state: MatchState
    offered_on: date | None
    active_since: date | None
    last_letter_on: date | None
    sponsor: SponsorFacts
    prisoner: PrisonerFacts
