"""What every table shares: naming of constraints, random ids, and column types that keep their promise.

Ids are random (80 bits, lower-case base32), so that an address never says how many there are or which came first.
"""

import base64
import secrets
from datetime import UTC, date, datetime
from enum import Enum as PythonEnum
from typing import Annotated, Any

from sqlalchemy import JSON, CheckConstraint, Date, DateTime, Dialect, Enum, MetaData, String, TypeDecorator
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import DeclarativeBase, mapped_column

from app.partial_date import PartialDate

ID_LENGTH = 16


def new_id() -> str:
    """A fresh random id: 16 characters of lower-case base32."""
    return base64.b32encode(secrets.token_bytes(10)).decode("ascii").lower()


class UtcDateTime(TypeDecorator[datetime]):
    """A moment in UTC, aware on the way in and out on every database; a naive one is refused."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a moment without a time zone cannot be stored")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class PartialDateText(TypeDecorator[PartialDate]):
    """A partial date as its ISO text, which sorts as the dates do."""

    impl = String(10)
    cache_ok = True

    def process_bind_param(self, value: PartialDate | None, dialect: Dialect) -> str | None:
        return None if value is None else str(value)

    def process_result_value(self, value: str | None, dialect: Dialect) -> PartialDate | None:
        return None if value is None else PartialDate.parse(value)


def _values(kind: type[PythonEnum]) -> list[str]:
    return [member.value for member in kind]


Json = JSON().with_variant(JSONB(), "postgresql")

NullableJson = JSON(none_as_null=True).with_variant(JSONB(none_as_null=True), "postgresql")
"""Where there is nothing the column is empty, instead of holding JSON's own `null`."""

Id = Annotated[str, mapped_column(String(ID_LENGTH), primary_key=True, default=new_id)]
Country = Annotated[str, mapped_column(String(2))]
Text = Annotated[str, mapped_column(String(4000))]


class Base(DeclarativeBase):
    """The base of every table."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map = {
        PythonEnum: Enum(PythonEnum, native_enum=False, length=40, values_callable=_values, validate_strings=True),
        datetime: UtcDateTime(),
        date: Date(),
        PartialDate: PartialDateText(),
        dict[str, Any]: Json,
        list[Any]: Json,
        list[str]: Json,
        list[int]: Json,
        dict[str, int]: Json,
        dict[str, str]: NullableJson,
    }


def together(name: str, *columns: str) -> CheckConstraint:
    """A constraint that the columns are all empty or all filled: every `…_at` has its `…_by`."""
    empty = " AND ".join(f"{column} IS NULL" for column in columns)
    filled = " AND ".join(f"{column} IS NOT NULL" for column in columns)
    return CheckConstraint(f"({empty}) OR ({filled})", name=name)
