"""Alerts, invented records, and what members of staff were shown."""

from typing import Any

from app.clock import now, today
from app.models import Account, Alert, Canary, ReadingCount, new_id
from app.reading import Amount, hour_of
from app.watch_words import AlertKind
from tests.factories.writing import add, writing

NOTHING = Amount(0, 0)


def make_alert(**changes: Any) -> Alert:
    """An alert that nobody has seen, caused by the program itself unless `caused_by` is given."""
    values = {"kind": AlertKind.EXPORT_ASKED, "occasion": f"made:{new_id()}", "raised_at": now()}
    with writing():
        return add(Alert(**values | changes))


def make_canary(**changes: Any) -> Canary:
    """Marks a prisoner (`prisoner_id`) or a sponsor (`sponsor_id`, `account_id`) as invented."""
    with writing():
        return add(Canary(**{"planted_at": now()} | changes))


def make_reading_count(account: Account, *, hour: Amount = NOTHING, day: Amount = NOTHING) -> ReadingCount:
    """What a member of staff was shown in the hour and the day that it is now."""
    with writing():
        return add(
            ReadingCount(
                account_id=account.id,
                hour=hour_of(now()),
                hour_records=hour.records,
                hour_rows=hour.rows,
                day=today(),
                day_records=day.records,
                day_rows=day.rows,
                extra=0,
            )
        )
