"""Dates as lists write them. Pure.

`1985`, `1985-03`, `1985-03-07`, `7.3.1985`, `7 March 1985`, `March 7, 1985`, `april 2026` and `7 сентября 2026 г.` are
read. A whole date that no calendar has (`2021-02-30`, `2020-13-01`) is an error of its row (docs/commands.md). What is
no date at all (`1952-08021`, `19812`, `03/07/1985`, whose order nobody knows) is not guessed at: the person stays, the
value is left out with a warning, as losing a prisoner over a slip of a key does more harm than a missing birthday.
"""

import re
from functools import lru_cache

from app.partial_date import PartialDate

_MONTHS = """
january february march april may june july august september october november december
jan feb mar apr may jun jul aug sep oct nov dec
январь февраль март апрель май июнь июль август сентябрь октябрь ноябрь декабрь
января февраля марта апреля мая июня июля августа сентября октября ноября декабря
студзень люты сакавік красавік травень чэрвень ліпень жнівень верасень кастрычнік лістапад снежань
студзеня лютага сакавіка красавіка траўня чэрвеня ліпеня жніўня верасня кастрычніка лістапада снежня
"""
_MONTH = {word: str(month) for line in _MONTHS.splitlines() for month, word in enumerate(line.split(), 1)}
_MONTH["sept"] = "9"

_SHAPES = tuple(
    re.compile(shape)
    for shape in (
        r"(?P<year>[0-9]{4})(?:-(?P<month>[0-9]{1,2})(?:-(?P<day>[0-9]{1,2}))?)?",
        r"(?P<day>[0-9]{1,2})\.(?P<month>[0-9]{1,2})\.(?P<year>[0-9]{4})(?: ?г\.?)?",
        r"(?:(?P<day>[0-9]{1,2}) )?(?P<word>[^\W\d]+)\.?,? (?P<year>[0-9]{4})(?: ?г(?:\.|ода)?)?",
        r"(?P<word>[^\W\d]+)\.? (?P<day>[0-9]{1,2}),? (?P<year>[0-9]{4})",
    )
)


class ImpossibleDate(ValueError):
    """A whole date that the calendar does not have."""


class UnreadableDate(ValueError):
    """Text that is no date."""


def read_date(text: str) -> PartialDate:
    """Read one date, keeping it as partial as it is written; raise ImpossibleDate or UnreadableDate."""
    line = " ".join(text.casefold().split())
    for shape in _SHAPES:
        found = shape.fullmatch(line)
        if found:
            return _of_parts(found.groupdict(), text)
    raise UnreadableDate(f"“{text}” is no date")


def _of_parts(parts: dict[str, str | None], text: str) -> PartialDate:
    month, day = parts.get("month"), parts.get("day")
    if parts.get("word"):
        month = _MONTH.get(parts["word"] or "")
        if month is None:
            raise UnreadableDate(f"“{text}” is no date")
    numbers = [int(part) for part in (parts["year"], month, day) if part]
    try:
        if 0 in numbers:
            raise ValueError("neither years nor months nor days are counted from 0")
        return PartialDate(*numbers)
    except ValueError:
        if day:
            raise ImpossibleDate(f"“{text}” is not in the calendar") from None
        raise UnreadableDate(f"“{text}” is no date") from None


@lru_cache(maxsize=1 << 14)
def first_date(text: str) -> PartialDate:
    """The date of a cell with one or several lines: the first line that is a date.

    Raises ImpossibleDate if any line up to it is impossible, UnreadableDate if no line is a date.
    """
    *lines, last = text.splitlines() or [text]
    for line in lines:
        try:
            return read_date(line)
        except UnreadableDate:
            continue
    return read_date(last)
