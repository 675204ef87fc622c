"""Small lists of invented people, in the shapes that real ones have."""

import csv
import io
from collections.abc import Mapping, Sequence
from datetime import date

from app.importing import HeldPerson, KnownAs, Origin, Staged, StagedPerson, read
from app.vocabulary import DetentionStatus

SOURCE = "invented list"
DAY = date(2026, 11, 22)

MACHINE = [
    "id",
    "url",
    "name",
    "status",
    "gender",
    "photo",
    "description",
    "birthday",
    "arrested",
    "articles",
    "prison",
    "declaration",
    "decision",
    "penalty",
    "judge",
    "councel",
    "penalty_start_date",
    "release_date",
    "verdict_date",
    "appeal_date",
    "fake_terrorist_list",
    "died",
    "clusters",
]
ENGLISH = [
    "Name and surname",
    "Status",
    "Date of birth",
    "Gender",
    "Date of detention",
    "Charges indicted",
    "Date of verdict",
    "Sentence",
    "Penalty",
    "Judge",
    "Prosecutor",
    "Prison",
]
RUSSIAN = [
    "Имя и фамилия",
    "Статус",
    "Дата рождения",
    "Пол",
    "Дата задержания",
    "Предъявлены обвинения",
    "Дата приговора",
    "Решение суда",
    "Вид наказания",
    "Судья",
    "Прокурор",
    "Место заключения",
]
CHINESE = ["Name", "Gender", "Date of Birth", "Date of Death", "Place", "Sentence", "Source"]

ALES = {
    "id": "7",
    "url": "https://list.example.org/person/7",
    "name": "Ales Vymyshleny",
    "status": "active",
    "gender": "male",
    "description": "Teacher",
    "birthday": "1980-01-31",
    "arrested": "2021-03-04",
    "articles": "Art. 342\nArt. 130",
    "prison": "Penal colony No. 1, 211440, Navapolack, vulica Technicnaja 8",
    "decision": "4 1/2 years",
    "penalty": "imprisonment in a general-security penal colony",
    "verdict_date": "2021-09-01",
}


def as_csv(headings: Sequence[str], *rows: Mapping[str, str] | Sequence[str], delimiter: str = ",") -> bytes:
    """A CSV file; rows given by heading are filled up with empty cells, rows given as lists stand as they are."""
    out = io.StringIO()
    writer = csv.writer(out, delimiter=delimiter, lineterminator="\n")
    writer.writerow(headings)
    for row in rows:
        writer.writerow([row.get(heading, "") for heading in headings] if isinstance(row, Mapping) else row)
    return out.getvalue().encode()


def staged(data: bytes, **options: object) -> Staged:
    """Read `data` as of `DAY` from `SOURCE`, unless told otherwise."""
    settings = {"filename": "list.csv", "source": SOURCE, "as_of": DAY} | options
    return read(data, **settings)


def one(row: Mapping[str, str], headings: Sequence[str] = MACHINE) -> StagedPerson:
    """The only person of a list with this one row."""
    found = staged(as_csv(headings, row))
    assert found.errors == ()
    (person,) = found.people
    return person


def held(
    person: StagedPerson, *, key: str = "held", source: str = SOURCE, as_of: date = DAY, **other: object
) -> HeldPerson:
    """What the application holds after `person` was taken from a list of `source`."""
    fields = [
        "name",
        "name_latin",
        "name_cyrillic",
        "gender",
        "birth_date",
        "arrested_on",
        "verdict_on",
        "released_on",
        "died_on",
        "sentence",
        "sentence_years",
        "penalty",
        "description",
        "articles",
        "facility",
        "home_area",
        "detention_status",
    ]
    values: dict[str, object] = {field: getattr(person, field) for field in fields}
    marks = (KnownAs(source, person.source_id, person.source_url),)
    values["known_as"] = marks if person.source_id or person.source_url else ()
    values["origins"] = {field: Origin(source, as_of) for field in fields if values[field] not in (None, ())}
    return HeldPerson(key=key, **{**values, **other})


def convicted(**other: object) -> HeldPerson:
    """Ales, as a coordinator wrote him by hand: no list knows him."""
    return HeldPerson(
        **{"key": "ales", "name": "Ales Vymyshleny", "detention_status": DetentionStatus.CONVICTED, **other}
    )
