"""The header shapes that lists come in, as a table. Pure.

A new list is a new row here, or a mapping file; nothing else in this room knows any list by name.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from app.errors import BadInput
from app.importing.text import one_line, shown


class Format(StrEnum):
    """What `--format` may say."""

    AUTO = "auto"
    VIASNA_CSV = "viasna-csv"
    VIASNA_JSON = "viasna-json"
    CSV = "csv"


class Field(StrEnum):
    """What a column can mean. The values are what a mapping file names."""

    SOURCE_ID = "source_id"
    SOURCE_URL = "source_url"
    NAME = "name"
    NAME_LATIN = "name_latin"
    NAME_CYRILLIC = "name_cyrillic"
    STATUS = "status"
    GENDER = "gender"
    BIRTH_DATE = "birth_date"
    ARRESTED_ON = "arrested_on"
    VERDICT_ON = "verdict_on"
    RELEASED_ON = "released_on"
    DIED_ON = "died_on"
    OTHER_DATE = "other_date"
    SENTENCE = "sentence"
    PENALTY = "penalty"
    DESCRIPTION = "description"
    ARTICLES = "articles"
    FACILITY = "facility"
    FACILITY_ADDRESS = "facility_address"
    HOME_AREA = "home_area"
    IGNORED = "ignored"


@dataclass(frozen=True, slots=True)
class Shape:
    """One kind of list: what its headings mean, and which of them it cannot be without. Headings are folded.

    `neutralised`: its cells were written by `app.cells`, and are read back as they were.
    """

    name: str
    columns: Mapping[str, Field]
    required: frozenset[str]
    neutralised: bool = False


def fold(heading: str) -> str:
    """A heading without case and extra space."""
    return one_line(heading).casefold()


def _shape(name: str, columns: dict[str, Field], *, required: str) -> Shape:
    return Shape(name, columns, frozenset(required.split(",")))


_VIASNA = (
    _shape(
        "viasna machine export",
        {
            "id": Field.SOURCE_ID,
            "url": Field.SOURCE_URL,
            "name": Field.NAME,
            "status": Field.STATUS,
            "gender": Field.GENDER,
            "photo": Field.IGNORED,
            "description": Field.DESCRIPTION,
            "birthday": Field.BIRTH_DATE,
            "arrested": Field.ARRESTED_ON,
            "articles": Field.ARTICLES,
            "prison": Field.FACILITY,
            "prison/title": Field.FACILITY,
            "prison/address": Field.FACILITY_ADDRESS,
            "declaration": Field.IGNORED,
            "decision": Field.SENTENCE,
            "penalty": Field.PENALTY,
            "judge": Field.IGNORED,
            "councel": Field.IGNORED,
            "penalty_start_date": Field.OTHER_DATE,
            "release_date": Field.RELEASED_ON,
            "verdict_date": Field.VERDICT_ON,
            "appeal_date": Field.OTHER_DATE,
            "fake_terrorist_list": Field.IGNORED,
            "died": Field.DIED_ON,
            "clusters": Field.IGNORED,
        },
        required="id,name",
    ),
    _shape(
        "viasna, English labels",
        {
            "name and surname": Field.NAME,
            "status": Field.STATUS,
            "date of birth": Field.BIRTH_DATE,
            "gender": Field.GENDER,
            "date of detention": Field.ARRESTED_ON,
            "charges indicted": Field.ARTICLES,
            "date of verdict": Field.VERDICT_ON,
            "sentence": Field.SENTENCE,
            "penalty": Field.PENALTY,
            "judge": Field.IGNORED,
            "prosecutor": Field.IGNORED,
            "prison": Field.FACILITY,
        },
        required="name and surname,date of birth",
    ),
    _shape(
        "viasna, Russian labels",
        {
            "имя и фамилия": Field.NAME,
            "статус": Field.STATUS,
            "дата рождения": Field.BIRTH_DATE,
            "пол": Field.GENDER,
            "дата задержания": Field.ARRESTED_ON,
            "предъявлены обвинения": Field.ARTICLES,
            "дата приговора": Field.VERDICT_ON,
            "решение суда": Field.SENTENCE,
            "вид наказания": Field.PENALTY,
            "судья": Field.IGNORED,
            "прокурор": Field.IGNORED,
            "место заключения": Field.FACILITY,
        },
        required="имя и фамилия,дата рождения",
    ),
)

_OTHERS = (
    _shape(
        "chinese political prisoners",
        {
            "name": Field.NAME,
            "gender": Field.GENDER,
            "date of birth": Field.BIRTH_DATE,
            "date of death": Field.DIED_ON,
            "place": Field.HOME_AREA,
            "sentence": Field.SENTENCE,
            "source": Field.SOURCE_URL,
        },
        required="name,date of birth,sentence,source",
    ),
)

EXPORT_COLUMNS: Mapping[str, Field] = {
    "vestka prisoner": Field.IGNORED,
    "full name": Field.NAME,
    "name in latin letters": Field.NAME_LATIN,
    "name in cyrillic letters": Field.NAME_CYRILLIC,
    "list status": Field.STATUS,
    "detention status": Field.IGNORED,
    "gender": Field.GENDER,
    "birth date": Field.BIRTH_DATE,
    "arrested on": Field.ARRESTED_ON,
    "verdict on": Field.VERDICT_ON,
    "released on": Field.RELEASED_ON,
    "died on": Field.DIED_ON,
    "sentence": Field.SENTENCE,
    "penalty": Field.PENALTY,
    "articles": Field.ARTICLES,
    "facility": Field.FACILITY,
    "facility address": Field.FACILITY_ADDRESS,
    "home area": Field.HOME_AREA,
    "mail access": Field.IGNORED,
    "who may know": Field.IGNORED,
    "godparent seats": Field.IGNORED,
    "letter writer seats": Field.IGNORED,
}
"""What our own export of prisoners holds (`app.queries.exports`), and what of it an import reads again."""

_OWN = (Shape("vestka export", EXPORT_COLUMNS, frozenset({"vestka prisoner", "full name"}), neutralised=True),)

_SHAPES: dict[Format, tuple[Shape, ...]] = {
    Format.AUTO: _OWN + _VIASNA + _OTHERS,
    Format.VIASNA_CSV: _VIASNA,
    Format.VIASNA_JSON: _VIASNA,
    Format.CSV: _OWN + _VIASNA + _OTHERS,
}

_PART = re.compile(r"/(\d{1,4})$")
FIELD_NAMES = ", ".join(Field)
"""What a mapping file may say."""


@dataclass(frozen=True, slots=True)
class Layout:
    """Where a file keeps each field: positions of cells, those of a numbered column (`articles/0`…) by number."""

    shape: Shape
    headings: tuple[str, ...]
    cells: tuple[tuple[Field, int], ...]
    unknown: tuple[str, ...]
    gives_status: bool

    def first(self, field: Field) -> int | None:
        """Where the field's first column stands, if it has any."""
        return next((at for wanted, at in self.cells if wanted is field), None)


def recognise(headings: tuple[str, ...], *, format: Format) -> Shape | None:
    """The shape that has these headings, or None."""
    there = {column_of(heading) for heading in headings}
    return next((shape for shape in _SHAPES[format] if shape.required <= there), None)


def mapped_shape(mapping: Mapping[str, str]) -> Shape:
    """The shape that a mapping from headings to fields describes; raise BadInput for an unknown field or no name."""
    columns: dict[str, Field] = {}
    for heading, field in mapping.items():
        if field not in list(Field):
            raise BadInput(f"mapping: “{shown(str(field))}” is no field; fields are: {FIELD_NAMES}")
        columns[fold(heading)] = Field(field)
    names = [f"“{shown(heading)}”" for heading, field in columns.items() if field is Field.NAME]
    if not names:
        raise BadInput("mapping: no column is mapped to “name”")
    if len(names) > 1:  # people are known by it: half a name is another person
        raise BadInput(
            f"mapping: {' and '.join(names)} are both mapped to “name”; one column has to hold the whole name"
        )
    return Shape("mapping", columns, frozenset(columns))


def lay_out(headings: tuple[str, ...], shape: Shape) -> Layout:
    """Find the places of a shape's fields in a file's headings."""
    found: list[tuple[int, int, Field]] = []
    unknown = []
    for at, heading in enumerate(headings):
        column, part = _column(heading)
        field = shape.columns.get(fold(heading)) or shape.columns.get(column)
        if field is None:
            unknown.append(heading)
        elif field is not Field.IGNORED:
            found.append((part, at, field))
    cells = tuple((field, at) for _, at, field in sorted(found))
    gives_status = any(field is Field.STATUS for field, _ in cells)
    return Layout(shape, headings, cells, tuple(unknown), gives_status)


def column_of(heading: str) -> str:
    """The folded heading without the number of its part: `articles` of `articles/10`."""
    return _column(heading)[0]


def _column(heading: str) -> tuple[str, int]:
    """The column that a heading belongs to, and which part of it: `articles/10` is part 10 of `articles`."""
    folded = fold(heading)
    part = _PART.search(folded)
    return (folded[: part.start()], int(part[1])) if part else (folded, -1)
