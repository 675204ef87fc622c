"""Rows that wait beside the people they may be, field by field, in words."""

import textwrap
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any, Final, TypeVar

from flask_babel import gettext as _
from wtforms.fields.choices import SelectChoice

from app.actions.event_effects import ENDS_OF_DETENTION, Effects
from app.actions.events import EventOrder
from app.actions.quarantine import Foreseen, may_be_new
from app.models import QuarantinedRow
from app.queries.quarantine import Possible, person_of
from app.vocabulary import DetentionStatus, Publicity
from app.web.coordinator.consequence_words import sentences
from app.web.coordinator.import_rows import in_words
from app.web.coordinator.import_words import CHANGE_LABELS, CLASH_LABELS, LIKENESS_LABELS
from app.web.coordinator.quarantine_forms import LEAVE_OUT, NEW_PERSON, DecideForm
from app.web.labels import label

BESIDE_ONE_ANOTHER: Final = 4
"""Columns of one table, so that each can be read."""

LONGEST_CELL: Final = 400

_FIELDS: Final = (
    "name", "name_latin", "name_cyrillic", "birth_date", "gender", "detention_status", "arrested_on", "verdict_on",
    "released_on", "died_on", "sentence", "penalty", "articles", "facility", "home_area", "description",
)  # fmt: skip

Item = TypeVar("Item")


@dataclass(frozen=True)
class Comparison:
    """A table: label and kind of each column, and a line for each field of which any of them says something."""

    columns: tuple[tuple[str, str], ...]
    lines: tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class Matter:
    """One waiting row: its people beside it, and the form that decides whose it is."""

    row: QuarantinedRow
    name: str
    original: str | None
    why: str
    beside: tuple[Comparison, ...]
    people: tuple[tuple[str, str, str], ...]
    form: DecideForm
    hints: dict[str, str]


def rows_beside_one_another(rows: Sequence[QuarantinedRow]) -> tuple[Comparison, ...]:
    """What the waiting rows of a clash say."""
    return tuple(
        _comparison([(_row_heading(row), _said_in(person_of(row))) for row in some])
        for some in _some(rows, BESIDE_ONE_ANOTHER)
    )


def matter(row: QuarantinedRow, whom: Sequence[Foreseen], form: DecideForm) -> Matter:
    """A waiting row beside everybody it may be; fills in the form's choices."""
    person = person_of(row)
    form.about(row.id, [*(SelectChoice(_value(one.possible), _same(one.possible)) for one in whom), *_others(row)])
    this = (_row_heading(row), _said_in(person))
    name = person.name_latin or person.name
    return Matter(
        row=row,
        name=name,
        original=person.name_cyrillic if person.name_cyrillic != name else None,
        why=str(CLASH_LABELS.get(row.clash, row.clash)),
        beside=tuple(
            _comparison([this, *((_name(one.possible), _said_of(one.possible, row.source)) for one in some)])
            for some in (list(_some(whom, BESIDE_ONE_ANOTHER - 1)) or [[]])
        ),
        people=tuple((one.possible.held.key, _name(one.possible), _reasons(one.possible)) for one in whom),
        form=form,
        hints={_value(one.possible): _what_follows(row, one) for one in whom} | _other_hints(row),
    )


def _some(items: Iterable[Item], number: int) -> Iterator[list[Item]]:
    left = iter(items)
    while some := list(islice(left, number)):
        yield some


def _row_heading(row: QuarantinedRow) -> str:
    return str(_("Row %(number)s", number=row.row_number))


def _said_in(person: Any) -> dict[str, str]:
    """What a row says, by the field's words; the publisher's number and pages come last."""
    return _said(person, marks=(person.source_id, person.source_url, *person.other_urls))


def _said_of(one: Possible, source: str) -> dict[str, str]:
    """What a record says, with the number and page by which this publisher knows them."""
    known_here = [known for known in one.held.known_as if known.source == source]
    return _said(one.held, marks=[mark for known in known_here for mark in (known.source_id, known.source_url)])


def _said(one: Any, *, marks: Iterable[str | None]) -> dict[str, str]:
    said = {field: textwrap.shorten(in_words(field, getattr(one, field)), LONGEST_CELL) for field in _FIELDS}
    return said | {"known_as": " · ".join(filter(None, marks))}


def _comparison(columns: Sequence[tuple[str, dict[str, str]]]) -> Comparison:
    """What each says, those after the first with a word where they say the same."""
    first, *others = (said for _heading, said in columns)
    headings = ((str(_("Field")), "name"), *((heading, "text") for heading, _texts in columns))
    lines = (
        (str(CHANGE_LABELS[field]), text, *(_beside(text, other[field]) for other in others))
        for field, text in first.items()
        if text or any(other[field] for other in others)
    )
    return Comparison(headings, tuple(lines))


def _beside(text: str, other: str) -> str:
    return str(_("%(text)s (the same)", text=other)) if other and other == text else other


def _value(one: Possible) -> str:
    return f"{one.held.key}:{one.version}"


def _name(one: Possible) -> str:
    return one.held.name_latin or one.held.name


def _same(one: Possible) -> str:
    born = in_words("birth_date", one.held.birth_date)
    if born:
        return str(_("The same person as %(name)s, born %(born)s", name=_name(one), born=born))
    return str(_("The same person as %(name)s", name=_name(one)))


def _others(row: QuarantinedRow) -> Iterator[SelectChoice]:
    if may_be_new(row):
        yield SelectChoice(NEW_PERSON, _("Somebody new"))
    yield SelectChoice(LEAVE_OUT, _("Nobody's: leave it out"))


def _reasons(one: Possible) -> str:
    return " · ".join(str(LIKENESS_LABELS[why]) for why in one.why) or str(_("You looked for this name"))


def _what_follows(row: QuarantinedRow, one: Foreseen) -> str:
    changed = [str(CHANGE_LABELS[change.field]) for change in one.row.changes]
    if not changed:
        return str(_("Nothing changes in the record."))
    said = [_("This changes: %(fields)s.", fields=", ".join(changed))]
    if one.effects is not None:
        said += _sentences(row, one, one.effects)
    return " ".join(map(str, said))


def _sentences(row: QuarantinedRow, one: Foreseen, effects: Effects) -> list[str]:
    status: Any = next(change.new for change in one.row.changes if change.field == "detention_status")
    kind = ENDS_OF_DETENTION[DetentionStatus(status)]
    order = EventOrder(prisoner_id=one.possible.held.key, type=kind, day=row.as_of, source=row.source)
    return sentences(order, effects)


def _other_hints(row: QuarantinedRow) -> dict[str, str]:
    known = str(label(row.publicity))
    if row.publicity is not Publicity.COORDINATORS_ONLY and row.publicity_basis:
        known = f"{known} ({label(row.publicity_basis)})"
    return {
        NEW_PERSON: _("They become a record, in your caseload. Who may know: %(known)s.", known=known),
        LEAVE_OUT: _("Nothing changes, now or when the row comes again."),
    }
