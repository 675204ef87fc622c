"""Blind indexes: another secret than theirs noticed at the start, and all of them written anew under one (P2)."""

from typing import Any

from sqlalchemy import inspect, select, tuple_, update

from app.actions.seal_keys import BATCH, Renewed, RowId
from app.database import session
from app.errors import SealBroken, SecretChanged
from app.models import Account, Base
from app.models.sealed import Sealed, sealed_columns


def check() -> None:
    """Raises SecretChanged where addresses are found under another secret than the site's: nobody could log in."""
    account = session().scalar(select(Account).order_by(Account.id).limit(1))
    try:
        found = account is None or account.email_index == Account.email.digest(account.email)
    except SealBroken:
        return  # one row that somebody spoilt; whether the keys are right, their proofs say
    if not found:
        raise SecretChanged("The site's secret is not the one it was.")


def indexed() -> list[tuple[type[Base], Sealed[Any]]]:
    """Every sealed column that has a blind index."""
    return [(table, value) for table, value in sealed_columns() if value.index]


def renew_some(table: type[Base], value: Sealed[Any], *, after: RowId | None) -> Renewed:
    """Write the next rows' indexes anew under the site's secret, at most BATCH of them, from behind the row `after`.

    `Renewed.number` counts those that were not right. A value that somebody changes meanwhile is theirs.
    """
    columns, row_id = table.__table__.c, inspect(table).primary_key
    assert value.index is not None, "only columns with an index are asked for"
    within = columns[value.index.within] if value.index.within else None
    asked = [columns[value.column], columns[value.index_column], *row_id] + ([] if within is None else [within])
    rows = select(*asked) if after is None else select(*asked).where(tuple_(*row_id) > after)
    number = 0
    broken: list[str] = []
    last: RowId | None = None
    for row in session().execute(rows.order_by(*row_id).limit(BATCH)).mappings().all():
        last = tuple(row[part] for part in row_id)
        place = value.place(last)
        try:
            plain = value.opened(row[value.column], *last)
        except SealBroken:
            broken.append(f"{place.table}.{place.column} {place.row_id}")
            continue
        index = value.digest(value.writes(plain), within="" if within is None else row[within])
        if index != row[value.index_column]:
            this_row = [part == of_row for part, of_row in zip(row_id, last, strict=True)]
            still = columns[value.column] == row[value.column]
            session().execute(update(table).where(*this_row, still).values({value.index_column: index}))
            number += 1
    return Renewed(number, broken, last)
