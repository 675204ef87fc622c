"""What somebody says of a list beside the list itself, and the order that both together make.

The command and the page take the same options and must mean the same by them.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final, Self

from app.actions import programme
from app.actions.imports import ImportOrder
from app.actions.list_widths import fitted
from app.clock import today
from app.errors import BadInput
from app.importing import Format, read
from app.vocabulary import Publicity, PublicityBasis

SOURCE_WIDTH: Final = 60
AHEAD: Final = timedelta(days=180)
"""A list may be dated ahead of its publication, but not as far as a slip in the year puts it: a list of next year would
silently overrule what every list says until then."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ListOptions:
    """Who publishes the list, the day it stands for, how it is to be read, and who may know of its new people.

    `source` is as `source_name` gives it, `country` an ISO 3166-1 alpha-2 code or None for the programme's own choice;
    `format` is one of `Format`;
    `mapping` goes from the file's headings to fields.
    """

    source: str
    as_of: date
    format: str = Format.AUTO.value
    mapping: Mapping[str, str] | None = None
    country: str | None = None
    publicity: Publicity = Publicity.COORDINATORS_ONLY
    basis: PublicityBasis | None = None

    def as_json(self) -> dict[str, Any]:
        """The options as a JSON object."""
        return {
            "source": self.source,
            "as_of": self.as_of.isoformat(),
            "format": self.format,
            "mapping": dict(self.mapping) if self.mapping is not None else None,
            "country": self.country,
            "publicity": self.publicity.value,
            "basis": self.basis.value if self.basis else None,
        }

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> Self:
        """The options that `as_json` wrote down."""
        return cls(
            source=stored["source"],
            as_of=date.fromisoformat(stored["as_of"]),
            format=stored["format"],
            mapping=stored["mapping"],
            country=stored["country"],
            publicity=Publicity(stored["publicity"]),
            basis=PublicityBasis(stored["basis"]) if stored["basis"] else None,
        )


def source_name(text: str) -> str:
    """The name that a source is kept under: without case and extra space, so that `Viasna` is no second source.

    Raises BadInput for an empty, overlong or unprintable one.
    """
    name = " ".join(text.casefold().split())
    if not 0 < len(name) <= SOURCE_WIDTH or not name.isprintable():
        raise BadInput(f"a source is a name of 1 to {SOURCE_WIDTH} characters")
    return name


def order_of(data: bytes, *, filename: str, options: ListOptions) -> ImportOrder:
    """Read the list, and say what is to be done with it.

    Raises BadInput as `read` does, also UnknownHeadings, and for a list of a day that is far ahead.
    """
    if options.as_of - today() > AHEAD:
        raise BadInput(f"the list stands for {options.as_of}, which is far ahead: check the year")
    staged = fitted(
        read(
            data,
            filename=filename,
            source=options.source,
            as_of=options.as_of,
            format=options.format,
            mapping=options.mapping,
        )
    )
    return ImportOrder(
        staged=staged,
        file_digest=hashlib.sha256(data).hexdigest(),
        country=options.country or programme.country_for(options.source, shape=staged.shape),
        publicity=options.publicity,
        basis=options.basis,
    )
