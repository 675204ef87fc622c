"""What reminders depend on: one match, its two sides, and the post between them. Pure."""

from dataclasses import dataclass
from datetime import date

from app.reminder_words import ReminderKind
from app.vocabulary import (
    DetentionStatus,
    MailAccess,
    MailRoute,
    MatchState,
    Publicity,
    SponsorRole,
    SupportKind,
    VettingState,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class SponsorFacts:
    """The sponsor. `held`: a coordinator holds them back. `time_zone` is an IANA name.

    `paused` without `resumes_on` has no end of its own. `quiet_days`: days of the week without a reminder, 0 is Monday.
    `idea_weeks`: how often they want an idea of what to do as a godparent, 0 for never. `consented_on`: when they last
    said that they want to go on; `last_sign_on`: when they last gave a sign of life. `mourning_since`: when the newest
    death ended a match of theirs.
    """

    sponsor_id: str
    account_id: str
    role: SponsorRole
    time_zone: str
    letters_a_month: int
    idea_weeks: int
    mandate_ends: date | None
    consented_on: date
    last_sign_on: date
    mourning_since: date | None
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

    `arrested_on` likewise. `has_address`: the facility is known with street and postcode; `address_verified_on`: when
    somebody last vouched for that very address, None where nobody has, or it has changed since. `route`: how post goes
    there from the sponsor's country.
    """

    detention_status: DetentionStatus
    died: bool
    held: bool
    birthday: date | None
    arrested_on: date | None
    is_woman: bool
    publicity: Publicity
    mail_access: MailAccess
    has_address: bool
    address_verified_on: date | None
    route: MailRoute


@dataclass(frozen=True, slots=True, kw_only=True)
class MatchFacts:
    """One match. Days are in UTC: an occasion must not move because somebody moved.

    `offered_on`: when it was approved; `active_since`: when the sponsor accepted; `last_letter_on`: the last that was
    sent. `silent`: a coordinator has marked it so (docs/glossary.md).
    """

    match_id: str
    kind: SupportKind
    state: MatchState
    offered_on: date | None
    active_since: date | None
    last_letter_on: date | None
    silent: bool
    sponsor: SponsorFacts
    prisoner: PrisonerFacts


@dataclass(frozen=True, slots=True, kw_only=True)
class Supporter:
    """A sponsor with all their matches that they can be reminded of: what was offered to them, and what goes on."""

    sponsor: SponsorFacts
    matches: tuple[MatchFacts, ...]

    def match(self, match_id: str) -> MatchFacts | None:
        """The match with this id, if it is among them."""
        return next((match for match in self.matches if match.match_id == match_id), None)
