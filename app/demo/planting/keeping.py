"""Planting what keeps sponsors and addresses: signs of life, yearly answers, who vouched for an address, and reminders.

Most are as they should be; a few of each are not, so that the desk has something to look after.
"""

from collections.abc import Collection, Iterator
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, Final

from sqlalchemy import Table, bindparam, func, insert, select

from app.database import session
from app.demo.dice import Dice, derived_id
from app.demo.planting.mails import TAKES
from app.mail.gathering import day_key
from app.models import Account, AddressCheck, Base, Facility, Letter, Match, OutgoingMail, Prisoner, Reminder, Sponsor
from app.queries.addresses import PARTS
from app.reminder_words import ReminderKind
from app.reminders import CONSENT_LASTS, Occasion, zone_of
from app.vocabulary import NO_LONGER_HELD, MatchState, OutgoingState, VettingState

SOURCE: Final = "Invented for the demo"

_NOT_VOUCHED_FOR: Final = 0.03
_SILENT: Final = 0.02
_NOT_ANSWERING: Final = 0.03
_ASKED_DAYS_AGO: Final = (46, 25)
"""When somebody was asked twice who does not answer the yearly question."""

_MORNING: Final = time(8)
_DAY: Final = timedelta(days=1)


def plant(*, seed: int, now: datetime, sparing: Collection[str]) -> None:
    """Give everybody what keeps them, as it stands at `now`; with the accounts to be spared all is as it should be."""
    _insert(AddressCheck, list(_checks(seed, now)))
    asked = _plant_signs(seed, now, sparing)
    for mail, reminder in _reminded_of_letters(seed, now, others_than=asked):
        _insert(OutgoingMail, [mail])
        _insert(Reminder, [reminder])


def _checks(seed: int, now: datetime) -> Iterator[dict[str, Any]]:
    parts = (getattr(Facility, part) for part in PARTS)
    query = select(Prisoner.id, Facility.id.label("place"), *parts).join(Prisoner.facility)
    for row in session().execute(query.where(Prisoner.detention_status.not_in(NO_LONGER_HELD)).order_by(Prisoner.id)):
        dice = Dice(seed, "address", row.id)
        ago = dice.within(_DAY, 150 * _DAY) + (181 * _DAY if dice.chance(_NOT_VOUCHED_FOR) else timedelta())
        seen = {part: getattr(row, part) for part in PARTS} | {"prisoner_id": row.id, "facility_id": row.place}
        yield seen | {"verified_on": (now - ago).date(), "source": SOURCE, "recorded_at": now - ago}


def _plant_signs(seed: int, now: datetime, sparing: Collection[str]) -> set[str]:
    """Gives the accounts that were asked the yearly question."""
    asked = set()
    query = select(Sponsor.id, Sponsor.account_id, Sponsor.created_at, Sponsor.vetting_state).order_by(Sponsor.id)
    signs = []
    for row in session().execute(query).all():
        dice, here = Dice(seed, "keeping", row.id), now - row.created_at
        spared = row.vetting_state is not VettingState.VETTED or row.account_id in sparing
        silent, unanswered = dice.chance(_SILENT), dice.chance(_NOT_ANSWERING)
        heard, said_yes = dice.within(timedelta(), 60 * _DAY), dice.within(_DAY, 300 * _DAY)
        if silent and not spared:
            heard = dice.within(125 * _DAY, 200 * _DAY)
        if unanswered and not spared and here > CONSENT_LASTS + 60 * _DAY:
            said_yes = CONSENT_LASTS + _ASKED_DAYS_AGO[0] * _DAY
            _plant_questions(seed, row.id, row.account_id, now)
            asked.add(row.account_id)
        signs.append({"key": row.id, "heard": _day(now - min(heard, here)), "said": _day(now - min(said_yes, here))})
    table = Sponsor.__table__
    assert isinstance(table, Table)
    giving = table.update().where(table.c.id == bindparam("key"))
    session().execute(giving.values(last_sign_on=bindparam("heard"), consented_on=bindparam("said")), signs)
    return asked


def _day(moment: datetime) -> date:
    return moment.date()


def _plant_questions(seed: int, sponsor_id: str, account_id: str, now: datetime) -> None:
    zone = session().scalars(select(Account.time_zone).where(Account.id == account_id)).one()
    for ago in _ASKED_DAYS_AGO:
        occasion = Occasion(ReminderKind.RE_CONSENT, sponsor_id, (now - ago * _DAY).date())
        mail, reminder = _sent(seed, occasion, account_id, zone)
        _insert(OutgoingMail, [mail])
        _insert(Reminder, [reminder])


def _reminded_of_letters(
    seed: int, now: datetime, *, others_than: Collection[str]
) -> Iterator[tuple[dict[str, Any], dict[str, Any]]]:
    """Of each sponsor the newest letter, which they were reminded of that morning."""
    newest = func.max(Letter.sent_on).label("day")
    query = (
        select(Sponsor.account_id, Account.time_zone, func.min(Match.id).label("match"), newest)
        .select_from(Letter)
        .join(Letter.match)
        .join(Match.sponsor)
        .join(Account, Account.id == Sponsor.account_id)
        .where(Match.state == MatchState.ACTIVE, Sponsor.account_id.not_in(others_than))
        .group_by(Sponsor.account_id, Account.time_zone)
        .order_by(Sponsor.account_id)
    )
    for row in session().execute(query).all():
        occasion = Occasion(ReminderKind.LETTER_DUE, row.match, row.day)
        if occasion.due_on < now.date() - _DAY:
            yield _sent(seed, occasion, row.account_id, row.time_zone)


def _sent(seed: int, occasion: Occasion, account_id: str, zone: str) -> tuple[dict[str, Any], dict[str, Any]]:
    """A reminder that went in the morning of its day, and its mail."""
    went_at = datetime.combine(occasion.due_on, _MORNING, zone_of(zone)).astimezone(UTC)
    mail_id = derived_id(seed, "reminder", occasion.key)
    mail = {
        "id": mail_id,
        "message": occasion.kind,
        "occasion": day_key(account_id, occasion.due_on),
        "account_id": account_id,
        "match_id": occasion.match_id,
        "state": OutgoingState.SENT,
        "created_at": went_at,
        "due_at": went_at,
        "attempts": 1,
        "sent_at": went_at + TAKES,
    }
    about = {"kind": occasion.kind, "match_id": occasion.match_id}
    return mail, {"occasion": occasion.key, "mail_id": mail_id, **about}


def _insert(model: type[Base], rows: list[dict[str, Any]]) -> None:
    if rows:
        session().execute(insert(model), rows)
