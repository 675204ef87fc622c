"""Searching people by name."""

from sqlalchemy import ColumnElement
from sqlalchemy.orm import InstrumentedAttribute

from app.search_key import search_key


def holds_words(key: InstrumentedAttribute[str], searched: str) -> list[ColumnElement[bool]]:
    """The conditions that a search key holds every word of what was typed; none where it says nothing."""
    return [key.contains(word, autoescape=True) for word in search_key(searched).split()]
