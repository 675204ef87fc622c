"""Cells as lists write them: what is nothing, and what must never be kept. Pure."""

import re

NOTHING = frozenset(
    {"", "false", "unknown", "null", "none", "n/a", "-", "–", "—", "неизвестно", "не известно", "невядома"}
)
"""What lists write where they know nothing, without case."""

_LONGEST_NOTHING = max(map(len, NOTHING))

# Control characters and marks that turn or hide text: they change what a reader sees, never what was meant.
_UNSEEN = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\u200b\u200e\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff]")
_SURROGATE = re.compile("[\ud800-\udfff]")


def cleaned(cell: str) -> str:
    """The cell without unseen characters and outer space; empty where the list says nothing. Formulas stay text."""
    text = (cell if cell.isprintable() else _UNSEEN.sub("", cell)).strip()
    return "" if len(text) <= _LONGEST_NOTHING and text.casefold() in NOTHING else text


def one_line(text: str) -> str:
    """The text with every run of space, line breaks of all kinds included, made one space."""
    return " ".join(text.split())


def clipped(text: str, limit: int) -> str:
    """The text in at most `limit` characters; what was cut off is marked by an ellipsis."""
    return text if len(text) <= limit else text[: limit - 1] + "…"


def shown(text: str, *, limit: int = 60) -> str:
    """The text as a message may quote it: one line, nothing unseen, and not long."""
    return clipped(one_line(_SURROGATE.sub("?", _UNSEEN.sub("", text[: 4 * limit]))), limit)


def unstorable(text: str) -> bool:
    """Whether the text holds what no database keeps: a NUL, or half of a surrogate pair."""
    return "\x00" in text or _SURROGATE.search(text) is not None
