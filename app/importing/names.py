"""Names and the scripts they are written in. Pure."""

import re
import unicodedata
from dataclasses import dataclass

from app.importing.text import one_line

_PARTS = re.compile(r"[\n/|()（）]+")
_LATIN = re.compile(r"(?:[\W\d_]*+[A-Za-z\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u024f\u1e00-\u1eff])++[\W\d_]*+")
_CYRILLIC = re.compile(r"(?:[\W\d_]*+[\u0400-\u0481\u048a-\u052f])++[\W\d_]*+")


@dataclass(frozen=True, slots=True)
class Name:
    """A name as written, in one line, and its Latin and Cyrillic forms where it has them."""

    written: str
    latin: str | None
    cyrillic: str | None


def read_name(written: str, *, latin: str | None = None, cyrillic: str | None = None) -> Name:
    """Read a name that may stand in two scripts ("Вымышлены Алесь (Ales Vymyshleny)").

    A form in a column of its own wins over one found in the name. A part that mixes scripts belongs to neither, and so
    does every other script: such names have their written form only.
    """
    composed = unicodedata.normalize("NFC", written)
    return Name(
        written=one_line(composed),
        latin=latin or _in_script(composed, _LATIN),
        cyrillic=cyrillic or _in_script(composed, _CYRILLIC),
    )


def _in_script(name: str, script: re.Pattern[str]) -> str | None:
    if script.fullmatch(name):
        return one_line(name)
    return one_line(" ".join(part for part in _PARTS.split(name) if script.fullmatch(part))) or None


def name_key(name: str) -> str:
    """The name as two lists must both write it to mean the same person: without case and extra space."""
    return one_line(unicodedata.normalize("NFC", name)).casefold()
