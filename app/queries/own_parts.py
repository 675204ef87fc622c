"""Which rows and columns are somebody's own, and what of them goes into the copy that they may have (`own_data`).

`PARTS` names, for each table whose rows are somebody's, what goes into the copy; `WITHHELD` what does not, with the
reason, which stands in the copy too. `DONE_BY` are columns that only say who did something: of that the copy has the
person's own acts from the audit trail. A test holds all tables and columns against these three.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

from sqlalchemy import ColumnElement, and_, or_, select

from app.models import (
    Account,
    AccountClosing,
    AccountToken,
    AddressChange,
    Base,
    Caseload,
    ContactOpening,
    ExportRequest,
    ImportUpload,
    Letter,
    LoginSession,
    MailAnswer,
    Match,
    MatchingTask,
    Office,
    OfficialAddress,
    OutgoingMail,
    ReadingCount,
    RecoveryCode,
    Reminder,
    SecondFactor,
    Sponsor,
    SponsorLanguage,
    StaffGrant,
    StaffRegion,
    TokenPurpose,
)
from app.queries import mails
from app.vocabulary import MatchState, OutgoingState

KNOWN_TO_SPONSOR: Final = (
    MatchState.ACTIVE,
    MatchState.PAUSED,
    MatchState.ENDED,
    MatchState.REFUSED,
    MatchState.LAPSED,
)
"""What its sponsor was told of at some time. An offer joins them while it is shown (`app.queries.matches`)."""

GONE: Final = (OutgoingState.SENT, OutgoingState.IN_DOUBT, OutgoingState.FAILED)
"""Mails that left us, or tried to: one that waits may tell of an offer that is still to be taken back."""


class Withheld(StrEnum):
    """Why something of a person's rows is not in their copy."""

    SECRET = "it opens a door, or is a trace of what does"  # noqa: S105  # a reason
    OF_OTHERS = "it says something of another person"
    COORDINATORS = (
        "what coordinators noted about you may name who told them, or help somebody to get close to a prisoner; "
        "ask a coordinator, who decides what can be told"
    )
    WATCH = "it would tell how misuse is noticed"
    REFERENCE = "a number of ours that says nothing"


@dataclass(frozen=True)
class Part:
    """Of one table the rows that are somebody's, by account and sponsor id, and which attributes go into the copy."""

    name: str
    table: type[Base]
    is_theirs: Callable[[str, str | None], ColumnElement[bool]]
    attributes: tuple[str, ...]


def _by_account(name: str, table: Any, *attributes: str) -> Part:
    return Part(name, table, lambda account_id, _sponsor_id: table.account_id == account_id, attributes)


def _by_sponsor(name: str, table: Any, *attributes: str) -> Part:
    return Part(name, table, lambda _account_id, sponsor_id: table.sponsor_id == sponsor_id, attributes)


def _by_mail(name: str, table: Any, *attributes: str) -> Part:
    def is_theirs(account_id: str, _sponsor_id: str | None) -> ColumnElement[bool]:
        mails = select(OutgoingMail.id).where(_has_gone(account_id, None))
        return table.mail_id.in_(mails)  # type: ignore[no-any-return]

    return Part(name, table, is_theirs, attributes)


def _asked_by(name: str, table: Any, *attributes: str) -> Part:
    return Part(name, table, lambda account_id, _sponsor_id: table.asked_by == account_id, attributes)


def _has_gone(account_id: str, _sponsor_id: str | None) -> ColumnElement[bool]:
    return and_(OutgoingMail.account_id == account_id, OutgoingMail.state.in_(GONE), mails.tells_of_nobody_else())


def _is_own_link(account_id: str, _sponsor_id: str | None) -> ColumnElement[bool]:
    return and_(AccountToken.account_id == account_id, AccountToken.purpose != TokenPurpose.CHANGE_ADDRESS)


def _is_known(_account_id: str, sponsor_id: str | None) -> ColumnElement[bool]:
    return and_(Match.sponsor_id == sponsor_id, Match.state.in_(KNOWN_TO_SPONSOR))


def _of_own_matches(_account_id: str, sponsor_id: str | None) -> ColumnElement[bool]:
    return Letter.match_id.in_(select(Match.id).where(Match.sponsor_id == sponsor_id))


PARTS: Final = (
    Part(
        "account",
        Account,
        lambda account_id, _sponsor_id: Account.id == account_id,
        ("email", "interface_language", "time_zone", "created_at", "email_confirmed_at", "disabled_at"),
    ),
    Part(
        "sponsor",
        Sponsor,
        lambda account_id, _sponsor_id: Sponsor.account_id == account_id,
        (
            "name", "role", "support_kind", "country", "profession_group", "capacity", "letters_a_month",
            "available_from", "available_until", "parliament", "mandate_ends", "translation_wanted",
            "translation_offered", "wish_home_area", "wish_profession_group", "wish_gender", "wish_age_group",
            "wish_long_sentence", "conflict_notes", "vetting_state", "vetting_basis", "vetted_at", "paused_at",
            "resumes_on", "quiet_days", "reminders_off", "no_reminders", "idea_weeks", "last_sign_on", "consented_on",
            "created_at",
        ),
    ),
    _by_sponsor("languages", SponsorLanguage, "language", "level"),
    Part(
        "offices",
        Office,
        lambda account_id, sponsor_id: or_(Office.sponsor_id == sponsor_id, Office.account_id == account_id),
        ("invited", "invited_at", "joined_at", "gets_mails"),
    ),
    _by_sponsor(
        "official_addresses", OfficialAddress, "address", "domain", "parliament", "asked_at", "confirmed_at"
    ),
    Part(
        "matches",
        Match,
        _is_known,
        (
            "kind", "state", "proposed_at", "decided_at", "answered_at", "refusal_reason", "refusal_note", "ended_at",
            "end_reason",
        ),
    ),
    Part("letters", Letter, _of_own_matches, ("state", "template", "language", "sent_on", "recorded_at")),
    Part("mails", OutgoingMail, _has_gone, ("message", "state", "created_at", "due_at", "attempts", "sent_at")),
    _by_mail("reminders", Reminder, "kind"),
    _by_mail("answers", MailAnswer, "answer", "answered_at"),
    _by_account("closed_log_in", AccountClosing, "closed_at"),
    _by_account("address_changes", AddressChange, "old_email", "new_email", "asked_at", "confirmed_at"),
    _by_account(
        "log_ins", LoginSession, "created_at", "expires_at", "ended_at", "browser", "password_at", "second_factor_at"
    ),
    Part("mailed_links", AccountToken, _is_own_link, ("purpose", "created_at", "expires_at", "used_at")),
    _by_account("second_factor", SecondFactor, "begun_at", "confirmed_at"),
    _by_account("recovery_codes", RecoveryCode, "created_at", "used_at"),
    _by_account("roles", StaffGrant, "role", "granted_at"),
    _by_account("regions", StaffRegion, "country"),
    _by_account(
        "reading", ReadingCount, "hour", "hour_records", "hour_rows", "day", "day_records", "day_rows", "extra",
        "extra_day", "extra_at",
    ),
    _by_account("opened_contacts", ContactOpening, "opened_at", "reason"),
    _by_account("uploads", ImportUpload, "filename", "options", "uploaded_at"),
    _asked_by(
        "exports", ExportRequest, "subject", "reason", "persons", "state", "asked_at", "decided_at", "downloaded_at"
    ),
    _asked_by("matching_tasks", MatchingTask, "kind", "changed_policy", "state", "asked_at", "ended_at", "reason"),
    _by_account("caseload", Caseload),
)  # fmt: skip
"""In the order of the copy. Of a caseload only how many there are: who they are is theirs."""

WITHHELD: Final[Mapping[str, Withheld]] = {
    "account.email_index": Withheld.REFERENCE,
    "account.password_hash": Withheld.SECRET,
    "account_closing.closed_by": Withheld.OF_OTHERS,
    "account_closing.reason_sealed": Withheld.COORDINATORS,
    "sponsor.search_key": Withheld.REFERENCE,
    "sponsor.vetting_reason_sealed": Withheld.COORDINATORS,
    "sponsor.vetted_by": Withheld.OF_OTHERS,
    "sponsor.person_vets": Withheld.COORDINATORS,
    "official_address.digest": Withheld.REFERENCE,
    "match.answered_by": Withheld.OF_OTHERS,
    "outgoing_mail.reader_id": Withheld.OF_OTHERS,
    "sponsor.paused_by": Withheld.REFERENCE,
    "sponsor.held": Withheld.COORDINATORS,
    # That a name of theirs was found among the records would tell that we know the person.
    "conflict.prisoner_id": Withheld.OF_OTHERS,
    "conflict.recorded_at": Withheld.OF_OTHERS,
    "conflict.recorded_by": Withheld.OF_OTHERS,
    "match.prisoner_id": Withheld.OF_OTHERS,
    "match.run_id": Withheld.REFERENCE,
    "match.tier": Withheld.OF_OTHERS,
    "match.fit": Withheld.OF_OTHERS,
    "match.terms": Withheld.OF_OTHERS,
    "match.decided_by": Withheld.OF_OTHERS,
    "match.decline_reason": Withheld.COORDINATORS,
    "match.decline_note_sealed": Withheld.COORDINATORS,
    "match.coordinator_note_sealed": Withheld.COORDINATORS,
    "silent_match.marked_at": Withheld.COORDINATORS,
    "silent_match.marked_by": Withheld.COORDINATORS,
    "runner_up.prisoner_id": Withheld.OF_OTHERS,
    "runner_up.run_id": Withheld.REFERENCE,
    "runner_up.first_supporters": Withheld.OF_OTHERS,
    "runner_up.points": Withheld.OF_OTHERS,
    "letter.recorded_by": Withheld.OF_OTHERS,
    "contact_opening.contact_id": Withheld.OF_OTHERS,
    "contact_opening.prisoner_id": Withheld.OF_OTHERS,
    "contact_opening.words_sealed": Withheld.OF_OTHERS,
    "outgoing_mail.occasion": Withheld.REFERENCE,
    "outgoing_mail.lease_until": Withheld.REFERENCE,
    "outgoing_mail.reason": Withheld.COORDINATORS,
    "reminder.occasion": Withheld.REFERENCE,
    "reminder.left_out": Withheld.COORDINATORS,
    "address_change.new_email_index": Withheld.REFERENCE,
    "login_session.token_hash": Withheld.SECRET,
    "login_session.code_due": Withheld.REFERENCE,
    "account_token.token_hash": Withheld.SECRET,
    "account_token.email_index": Withheld.REFERENCE,
    "second_factor.seed_sealed": Withheld.SECRET,
    "second_factor.last_step": Withheld.SECRET,
    "recovery_code.code_hash": Withheld.SECRET,
    "staff_grant.granted_by": Withheld.OF_OTHERS,
    "reading_count.extra_by": Withheld.OF_OTHERS,
    "import_upload.content": Withheld.OF_OTHERS,
    "export_request.decided_by": Withheld.OF_OTHERS,
    "export_request.downloaded_by": Withheld.REFERENCE,
    "matching_task.slot": Withheld.REFERENCE,
    "matching_task.stage": Withheld.REFERENCE,
    "matching_task.claim": Withheld.REFERENCE,
    "matching_task.heard_at": Withheld.REFERENCE,
    "matching_task.lease_until": Withheld.REFERENCE,
    "matching_task.run_id": Withheld.REFERENCE,
    "matching_task.found_sealed": Withheld.OF_OTHERS,
    "caseload.prisoner_id": Withheld.OF_OTHERS,
    "suppressed_address.address_digest": Withheld.SECRET,
    "canary.prisoner_id": Withheld.WATCH,
    "canary.planted_at": Withheld.WATCH,
    "alert.caused_by": Withheld.WATCH,
}
"""What of these rows is not in the copy; ids, links between rows and version numbers need no line."""

BY_ADDRESS: Final = frozenset({"suppressed_address.reason", "suppressed_address.suppressed_at"})
"""What goes into the copy though no id leads there: it is known by a digest of the address (`own_data`)."""

DONE_BY: Final = frozenset(
    {
        "address_check.recorded_by",
        "alert.seen_by",
        "canary.planted_by",
        "family_contact.changed_by",
        "family_contact.recorded_by",
        "import_record.applied_by",
        "matching_run.started_by",
        "official_domain.added_by",
        "official_domain.members_by",
        "photo.added_by",
        "photo.shown_by",
        "policy.created_by",
        "prisoner.publicity_by",
        "prisoner_event.recorded_by",
        "quarantined_row.decided_by",
        "quarantined_row.publicity_by",
        "text_version.written_by",
    }
)
"""Columns of what is no person's own, or another's, that say who did it."""
