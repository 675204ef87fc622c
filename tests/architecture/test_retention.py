"""P6: of every table and of every column that says something it is written down why it is kept and how it ends."""

from collections.abc import Iterator

import pytest
from sqlalchemy import Column, Table

from app.actions.purging import RULES
from app.models import Base
from app.models.base import UtcDateTime
from app.reminder_words import ReminderKind
from app.reminders.occasions import KEEPS, PUT_OFF
from app.retention import LINES, PURGED, Category, Then, line, period
from app.web.privacy_words import WORDS

MENDING = (
    "A line in app/retention/ says what is kept. For a new column, add its name to `holds` of the line that names its "
    "table. For a new table, add it to `holds` of a line that ends with it, or write a line of its own: its Category, "
    "a sentence in app/web/privacy_words.py, and, where time ends it, a rule in app/actions/purging.py."
)


def _says_something(column: Column[object]) -> bool:
    """Whether it holds more than an id of ours, a moment or a version."""
    if column.foreign_keys or column.name in ("id", "version"):
        return False
    return not isinstance(column.type, UtcDateTime) or column.primary_key


def _said(table: str) -> set[str]:
    return {column for each in LINES for column in each.holds.get(table, ())}


def _unsaid(table: Table) -> Iterator[str]:
    if not any(table.name in each.holds for each in LINES):
        yield f"{table.name}: no line says why this table is kept and how it ends"
        return
    for column in table.columns:
        if _says_something(column) and column.name not in _said(table.name):
            yield f"{table.name}.{column.name}: no line says that this column is kept"


def test_p6_every_table_and_column_has_a_line() -> None:
    offences = [offence for table in Base.metadata.sorted_tables for offence in _unsaid(table)]

    assert not offences, "\n".join([*offences, "", MENDING])


def test_p6_a_table_or_column_without_a_line_is_named_with_what_to_do() -> None:
    table = Table("account", Base.metadata.__class__(), Column("time_zone"), Column("shoe_size"))
    unknown = Table("horoscope", Base.metadata.__class__(), Column("name"))

    assert list(_unsaid(table)) == ["account.shoe_size: no line says that this column is kept"]
    assert list(_unsaid(unknown)) == ["horoscope: no line says why this table is kept and how it ends"]


def test_a_line_names_no_table_and_no_column_that_is_gone() -> None:
    tables = {table.name: set(table.columns.keys()) for table in Base.metadata.sorted_tables}
    tables["alembic_version"] = set()

    gone = [
        f"{table}.{column}"
        for each in LINES
        for table, columns in each.holds.items()
        for column in (columns or ("",))
        if table not in tables or (column and column not in tables[table])
    ]

    assert not gone, gone


def test_every_category_has_one_line_and_the_page_has_words_for_each() -> None:
    assert sorted(each.category for each in LINES) == sorted(Category)
    assert set(WORDS) == set(Category)


def test_p6_what_time_ends_is_what_the_purge_ends() -> None:
    assert set(PURGED) == set(RULES)
    assert all(line(category).then is not Then.STAYS for category in PURGED)
    with pytest.raises(ValueError, match="no time ends"):
        period(Category.TRAIL)


@pytest.mark.parametrize("kind", ReminderKind)
def test_m4_an_occasion_is_stale_long_before_its_mail_is_forgotten(kind: ReminderKind) -> None:
    """Else the purge would let it fall due again: one mail for each occasion, ever."""
    assert 10 * (KEEPS[kind] + PUT_OFF) < period(Category.MAILS)
