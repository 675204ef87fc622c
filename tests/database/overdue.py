"""For each category that time ends, something of it that is over now: its period begins."""

from collections.abc import Callable
from datetime import timedelta

from app.clock import now, today
from app.models import (
    AccountToken,
    AddressChange,
    AttemptCount,
    Prisoner,
    TokenPurpose,
)
from app.partial_date import PartialDate
from app.retention import Category
from app.task_words import TaskEnd, TaskState
from app.vocabulary import DetentionStatus, MatchState, OutgoingState, VettingState
from tests.factories import (
    make_account,
    make_alert,
    make_contact,
    make_export,
    make_letter,
    make_login,
    make_mail,
    make_match,
    make_office,
    make_office_of,
    make_official_address,
    make_opening,
    make_photo,
    make_prisoner,
    make_quarantined_row,
    make_reading_count,
    make_run,
    make_sponsor,
    make_task,
    make_upload,
    writing,
)
from tests.factories.writing import add

DAY = timedelta(days=1)
CANARY = "kanarek-purgatory"


def unconfirmed() -> object:
    return make_sponsor(account=make_account(email_confirmed_at=None), vetting_state=VettingState.PENDING)


def turned_away() -> object:
    return make_sponsor(vetting_state=VettingState.REJECTED)


def undecided() -> object:
    return make_sponsor(vetting_state=VettingState.PENDING)


def closed() -> object:
    return make_match(sponsor=make_sponsor(account=make_account(disabled_at=now())), state=MatchState.REFUSED)


def counter() -> object:
    with writing():
        return add(AttemptCount(key="0" * 64, count=1, expires_at=now()))


def login() -> object:
    return make_login(make_office(), expires_at=now())


def token() -> object:
    with writing():
        times = {"created_at": now(), "expires_at": now(), "purpose": TokenPurpose.RESET}
        return add(AccountToken(token_hash="x", email_index="0" * 64, account_id=make_office().id, **times))


def address_change() -> object:
    addresses = {"old_email": "a@example.org", "new_email": "b@example.org"}
    with writing():
        return add(AddressChange(account_id=make_office().id, asked_at=now(), **addresses))


def noted() -> object:
    return make_match(state=MatchState.ENDED, coordinator_note=CANARY)


def gone() -> object:
    """A match of somebody who was erased: the empty records behind it go with it."""
    account = make_account(password_hash="!0", email="erased-1", disabled_at=now(), email_confirmed_at=None)
    return make_match(sponsor=make_sponsor(account=account), state=MatchState.ENDED)


def old_run() -> object:
    make_run(finished_at=now() + DAY)
    return make_run()


def _freed_today() -> Prisoner:
    day = today()
    return make_prisoner(
        detention_status=DetentionStatus.RELEASED, released_on=PartialDate(day.year, day.month, day.day)
    )


SCENES: dict[Category, Callable[[], object]] = {
    Category.UNCONFIRMED: unconfirmed,
    Category.TURNED_AWAY: turned_away,
    Category.UNDECIDED: undecided,
    Category.LEFT: closed,
    Category.IDLE: make_sponsor,
    Category.WITHDRAWN: lambda: make_match(state=MatchState.WITHDRAWN),
    Category.NOTES: noted,
    Category.LETTERS: lambda: make_letter(match=make_match(state=MatchState.ENDED)),
    Category.GONE: gone,
    Category.RUNS: old_run,
    Category.TASKS: lambda: make_task(by=make_office(), state=TaskState.STOPPED, reason=TaskEnd.FAILED, ended_at=now()),
    Category.MAILS: lambda: make_mail(account_id=make_office().id, state=OutgoingState.SENT),
    Category.COUNTERS: counter,
    Category.SESSIONS: login,
    Category.TOKENS: token,
    Category.ADDRESS_CHANGES: address_change,
    Category.UPLOADS: lambda: make_upload(by=make_office()),
    Category.WAITING_ROWS: lambda: make_quarantined_row(as_of=now().date()),
    Category.INVITATIONS: lambda: make_office_of(make_sponsor(), invited_at=now(), joined_at=None),
    Category.NAMED_ADDRESSES: lambda: make_official_address(make_sponsor(), asked_at=now(), confirmed_at=None),
    Category.FAMILY_CONTACTS: lambda: make_contact(
        prisoner=make_prisoner(detention_status=DetentionStatus.RELEASED), over_since=now()
    ),
    Category.CONTACT_OPENINGS: lambda: make_opening(make_contact()),
    Category.PHOTOS: lambda: make_photo(prisoner=_freed_today()),
    Category.EXPORTS: lambda: make_export(by=make_office()),
    Category.ALERTS: lambda: make_alert(seen_at=now(), seen_by=make_office().id),
    Category.READING: lambda: make_reading_count(make_office()),
}
