"""The words in which it is said what is kept: about whom, why, how long, and what happens then. Pure."""

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum


class About(StrEnum):
    """Whom something that is kept is about."""

    SPONSORS = "sponsors"
    STAFF = "staff"
    EVERYBODY = "everybody"
    """Whoever has an account."""
    PRISONERS = "prisoners"
    NOBODY = "nobody"


class Why(StrEnum):
    """What entitles us to keep it."""

    AGREED = "agreed"
    """They asked us to: they signed up, and may end it at any time."""
    WORK = "work"
    """They work here, and cannot without it."""
    CARE = "care"
    """Somebody is in prison and others stand by them: published already, or known with their side's will."""
    SAFETY = "safety"
    """Accounts, prisoners and sponsors have to be protected against whoever pretends, guesses or returns."""
    PROOF = "proof"
    """Misuse by our own people has to be found."""
    RUNNING = "running"
    """The program cannot run without it; it says nothing of a person."""


class Then(StrEnum):
    """What happens at the end."""

    ERASED = "erased"
    """The person is erased, with all that hangs on them (`app.actions.privacy`)."""
    DELETED = "deleted"
    EMPTIED = "emptied"
    """The words go, the row stays without them."""
    STAYS = "stays"


class Category(StrEnum):
    """One kind of thing with one end. Those with a period are what `flask privacy purge` counts."""

    UNCONFIRMED = "unconfirmed_sign_ups"
    TURNED_AWAY = "rejected_applications"
    UNDECIDED = "applications_without_an_answer"
    LEFT = "closed_accounts"
    IDLE = "sponsors_not_heard_of"
    WITHDRAWN = "withdrawn_proposals"
    NOTES = "notes_on_ended_matches"
    LETTERS = "letters_of_ended_matches"
    GONE = "matches_of_erased_people"
    RUNS = "matching_runs"
    TASKS = "matching_tasks"
    MAILS = "mails"
    COUNTERS = "attempt_counters"
    SESSIONS = "log_ins"
    TOKENS = "mailed_tokens"
    ADDRESS_CHANGES = "address_changes"
    UPLOADS = "uploaded_lists"
    WAITING_ROWS = "undecided_rows"
    INVITATIONS = "invitations_to_offices"
    NAMED_ADDRESSES = "unproven_official_addresses"
    FAMILY_CONTACTS = "family_contacts"
    CONTACT_OPENINGS = "opened_contacts"
    PHOTOS = "photos"
    EXPORTS = "export_requests"
    ALERTS = "alerts"
    READING = "reading_counts"

    LOG_IN = "log_in"
    SIGN_UP = "sign_up"
    CONFLICTS = "conflicts"
    MATCHES = "matches"
    APPOINTMENTS = "appointments"
    PRISONERS = "prisoners"
    DECIDED_ROWS = "decided_rows"
    SUPPRESSIONS = "suppressed_addresses"
    CANARIES = "invented_people"
    TRAIL = "audit_trail"
    RULES = "rules_and_texts"
    PLACES = "places"
    ENGINE = "engine"
    LOGS = "logs"


@dataclass(frozen=True, kw_only=True)
class Line:
    """What is kept of one category, and how it ends.

    `holds` names, by table, every column that says something: all but ids, references, moments and version numbers.
    `stores` names what is no table of ours: a file, the alarm clock's own tables, a stream. `lasts` is counted from
    `since`; None where the end is not a matter of time, and `since` then says what it is a matter of.
    """

    category: Category
    about: About
    why: Why
    holds: dict[str, tuple[str, ...]]
    stores: tuple[str, ...] = ()
    lasts: timedelta | None = None
    since: str
    then: Then
