"""How much of their reading budget members of staff have used today."""

from datetime import UTC, date, datetime

from sqlalchemy import select

from app.clock import now
from app.database import session
from app.models import Account, ReadingCount
from app.reading import Amount, Used, hour_of
from app.settings import current_settings


def used_of(count: ReadingCount, moment: datetime) -> Used:
    """What the row says of this hour and this day; what was counted before is over."""
    today, nothing = utc_day(moment), Amount(0, 0)
    return Used(
        hour=Amount(count.hour_records, count.hour_rows) if count.hour == hour_of(moment) else nothing,
        day=Amount(count.day_records, count.day_rows) if count.day == today else nothing,
        times=times_of(count.extra if count.extra_day == today else 0),
    )


def times_of(extra: int) -> int:
    """How often the usual budget holds for somebody who was granted `extra` more of it for the day."""
    return current_settings().reading_times * (1 + extra)


def utc_day(moment: datetime) -> date:
    """The day that is counted together with this moment."""
    return moment.astimezone(UTC).date()


def today() -> list[tuple[Account, Used]]:
    """Everybody who was shown anybody today, and how much; who was shown most first."""
    moment = now()
    query = select(Account, ReadingCount).join(ReadingCount, ReadingCount.account_id == Account.id)
    rows = session().execute(query.where(ReadingCount.day == utc_day(moment))).all()
    found = [(account, used_of(count, moment)) for account, count in rows]
    return sorted(found, key=lambda one: (-one[1].day.records, -one[1].day.rows, one[0].email_key))
