"""A long list, page by page."""

from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from sqlalchemy import Select, func, literal, select
from sqlalchemy.orm import InstrumentedAttribute

from app.database import session

Item = TypeVar("Item")


@dataclass(frozen=True)
class Page(Generic[Item]):
    """Some rows of a longer list: `number` counts from 1, `all` is how many rows there are."""

    items: list[Item]
    number: int
    pages: int
    all: int


def page_of(query: Select[Any], key: InstrumentedAttribute[Any], *, number: int, size: int) -> Page[Any]:
    """The rows of page `number` of an ordered query of the entity whose `key` it is; past the end, the last page."""
    rows_only = query.with_only_columns(literal(1), maintain_column_froms=True).order_by(None)
    count = session().scalar(select(func.count()).select_from(rows_only.subquery())) or 0
    pages = max(1, -(-count // size))
    number = min(number, pages)
    rows = session().scalars(some_of(query, key, after=(number - 1) * size, count=size)).unique().all()
    return Page(items=list(rows), number=number, pages=pages, all=count)


def some_of(query: Select[Any], key: InstrumentedAttribute[Any], *, after: int = 0, count: int) -> Select[Any]:
    """`count` rows of an ordered query, from behind the first `after`.

    The database puts only the keys in order, and reads whole rows for the few that are wanted.
    """
    keys = query.with_only_columns(key, maintain_column_froms=True).limit(count).offset(after)
    return query.where(key.in_(keys))
