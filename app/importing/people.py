"""One data row → one staged person, or what is wrong with the row. Pure."""

from collections.abc import Mapping, Sequence

from app.cells import restored
from app.importing.custody import detention_status, read_gender, read_status
from app.importing.dates import ImpossibleDate, UnreadableDate, first_date
from app.importing.facilities import read_facility
from app.importing.names import read_name
from app.importing.records import ListStatus, RowProblem, StagedFacility, StagedPerson
from app.importing.sentences import is_a_date, sentence_years
from app.importing.shapes import Field, Layout
from app.importing.text import cleaned, clipped, shown
from app.partial_date import PartialDate
from app.vocabulary import DetentionStatus


class BadRow(Exception):
    """The row cannot be taken; carries the one problem that is reported for it."""

    def __init__(self, problem: RowProblem) -> None:
        super().__init__(problem.message)
        self.problem = problem


class Row:
    """The cells of one data row that say something, by what they mean. `warnings` tells which values were left out."""

    __slots__ = ("_said", "layout", "number", "warnings")

    def __init__(self, number: int, cells: Sequence[str], layout: Layout) -> None:
        self.number = number
        self.layout = layout
        self.warnings: list[RowProblem] = []
        self._said: dict[Field, list[tuple[int, str]]] = {}
        if layout.shape.neutralised:
            cells = [restored(cell) for cell in cells]
        for wanted, at in layout.cells:
            text = cells[at] and cleaned(cells[at])
            if text:
                self._said.setdefault(wanted, []).append((at, text))

    def all(self, wanted: Field) -> list[str]:
        """Every text of the field, in the order of its numbers."""
        return [text for _, text in self._said.get(wanted, ())]

    def one(self, wanted: Field) -> str:
        """The first text of the field, as much of it as is ever read, or empty."""
        said = self._said.get(wanted)
        return said[0][1][:_READ] if said else ""

    def date(self, wanted: Field) -> PartialDate | None:
        """The field's first date; raises BadRow for any impossible one, warns of what cannot be read."""
        found = None
        for at, text in self._said.get(wanted, ()):
            try:
                read = first_date(text[:_READ])
                found = found or read
            except ImpossibleDate:
                raise self._bad(at, f"“{shown(text)}” is not a day of the calendar") from None
            except UnreadableDate:
                self._warn(at, f"“{shown(text)}” is no date and was left out")
        return found

    def text(self, wanted: Field) -> str | None:
        """The field's first text as it may be kept, cut with a warning where it is longer than any record holds."""
        said = self._said.get(wanted)
        if not said:
            return None
        at, text = said[0]
        limit = _LONGEST[wanted]
        if len(text) > limit:
            self._warn(at, f"longer than {limit:,} characters and was cut")
        return clipped(text, limit)

    def bad(self, wanted: Field, message: str) -> BadRow:
        """The failure that names this row and the field's column."""
        return self._bad(self.layout.first(wanted), message)

    def warn(self, wanted: Field, message: str) -> None:
        """Note that a value of the field was left out."""
        self._warn(self.layout.first(wanted), message)

    def _bad(self, at: int | None, message: str) -> BadRow:
        return BadRow(RowProblem(self.number, self._heading(at), message))

    def _warn(self, at: int | None, message: str) -> None:
        self.warnings.append(RowProblem(self.number, self._heading(at), message))

    def _heading(self, at: int | None) -> str | None:
        return None if at is None else shown(self.layout.headings[at])


_READ = 1_000
"""How many characters of a cell are looked at for its meaning, so that no cell of a hostile file takes long."""

_LONGEST = {
    Field.NAME: 200,
    Field.NAME_LATIN: 200,
    Field.NAME_CYRILLIC: 200,
    Field.SOURCE_ID: 120,
    Field.SOURCE_URL: 500,
    Field.SENTENCE: 400,
    Field.PENALTY: 400,
    Field.DESCRIPTION: 20_000,
    Field.ARTICLES: 1_000,
    Field.HOME_AREA: 80,
}
"""How long a text may be, in characters; an article is one line of its column."""

_DATES = (
    Field.BIRTH_DATE,
    Field.ARRESTED_ON,
    Field.VERDICT_ON,
    Field.RELEASED_ON,
    Field.DIED_ON,
    Field.OTHER_DATE,
)


def addresses(text: str) -> tuple[str, ...]:
    """The web addresses of a cell, which may hold several; words around them are no addresses."""
    return tuple(dict.fromkeys(word for word in text.split() if word.casefold().startswith(("https://", "http://"))))


def stage(row: Row) -> StagedPerson:
    """The person of a row; raises BadRow where the row cannot be taken (docs/commands.md, "Importing a list")."""
    _check(row)
    name = read_name(row.one(Field.NAME), latin=row.text(Field.NAME_LATIN), cyrillic=row.text(Field.NAME_CYRILLIC))
    dates = {wanted: row.date(wanted) for wanted in _DATES}
    facility = read_facility(row.one(Field.FACILITY), row.one(Field.FACILITY_ADDRESS))
    status = _status(row)
    urls = _urls(row)
    return StagedPerson(
        row=row.number,
        name=name.written,
        name_latin=name.latin,
        name_cyrillic=name.cyrillic,
        status=status,
        detention_status=_detention_status(row, status, facility=facility, dates=dates),
        source_id=row.text(Field.SOURCE_ID),
        source_url=urls[0] if urls else None,
        other_urls=urls[1:],
        gender=read_gender(row.one(Field.GENDER)),
        birth_date=dates[Field.BIRTH_DATE],
        arrested_on=dates[Field.ARRESTED_ON],
        verdict_on=dates[Field.VERDICT_ON],
        released_on=dates[Field.RELEASED_ON] if status is ListStatus.FORMER else None,
        died_on=dates[Field.DIED_ON],
        sentence=row.text(Field.SENTENCE),
        sentence_years=sentence_years(row.one(Field.SENTENCE)),
        penalty=row.text(Field.PENALTY),
        description=row.text(Field.DESCRIPTION),
        articles=_articles(row),
        facility=facility,
        home_area=row.text(Field.HOME_AREA),
    )


def _check(row: Row) -> None:
    """Refuse a row without a name, or whose name or id is too long to be one; and a sentence until no day there is."""
    if not row.one(Field.NAME):
        raise row.bad(Field.NAME, "the name is missing")
    for wanted in (Field.NAME, Field.SOURCE_ID):
        if len(row.one(wanted)) > _LONGEST[wanted]:
            raise row.bad(wanted, f"longer than {_LONGEST[wanted]} characters")
    sentence = row.one(Field.SENTENCE)
    try:
        is_a_date(sentence)
    except ImpossibleDate:
        raise row.bad(Field.SENTENCE, f"“{shown(sentence)}” is not a day of the calendar") from None


def _status(row: Row) -> ListStatus:
    """Held where the list has no status column; a status that is empty or that we cannot read is no recognition."""
    if row.one(Field.DIED_ON):
        return ListStatus.DIED
    if not row.layout.gives_status:
        return ListStatus.HELD
    text = row.one(Field.STATUS)
    status = read_status(text) if text else ListStatus.NOT_RECOGNISED
    if status is None:
        row.warn(Field.STATUS, f"the status “{shown(text)}” is not known; the row counts as not recognised")
    return status or ListStatus.NOT_RECOGNISED


def _detention_status(
    row: Row, status: ListStatus, *, facility: StagedFacility | None, dates: Mapping[Field, PartialDate | None]
) -> DetentionStatus:
    return detention_status(
        status=status,
        arrested=dates[Field.ARRESTED_ON] is not None,
        verdict=dates[Field.VERDICT_ON] is not None,
        sentence=row.one(Field.SENTENCE),
        penalty=row.one(Field.PENALTY),
        facility=facility,
        place=row.one(Field.FACILITY),
    )


def _urls(row: Row) -> tuple[str, ...]:
    said = row.all(Field.SOURCE_URL)
    if not said:
        return ()
    found = addresses(" ".join(said))
    kept = tuple(url for url in found if len(url) <= _LONGEST[Field.SOURCE_URL])
    if len(kept) < len(found):
        row.warn(Field.SOURCE_URL, "an address is too long and was left out")
    return kept


def _articles(row: Row) -> tuple[str, ...]:
    said = row.all(Field.ARTICLES)
    if not said:
        return ()
    lines = (line.strip() for text in said for line in text.splitlines())
    return tuple(clipped(line, _LONGEST[Field.ARTICLES]) for line in lines if cleaned(line))
