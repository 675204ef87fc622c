"""Texts that somebody has edited."""

from collections.abc import Mapping

from app.clock import now
from app.models import TextVersion
from app.queries import texts
from app.queries.texts import TextKey
from app.vocabulary import TextFamily
from tests.factories.accounts import make_office
from tests.factories.writing import add, writing

LETTER_DUE = TextKey(TextFamily.MAIL, "letter_due", "en")

WORDS: Mapping[str, str] = {
    "subject": "A quiet word",
    "heading": "Hello again",
    "body": "Dear ((recipient_name)),\n\nit is a good day\nfor a letter.\n\n((link))\n\nThank you.",
    "button": "Go on",
}


def make_text(key: TextKey = LETTER_DUE, *, parts: Mapping[str, str] | None = WORDS) -> TextVersion:
    """The next version of a text, written by the office; without parts, the way back to what is built in."""
    newest = texts.newest_of(key)
    number = newest.number + 1 if newest else 1
    with writing():
        row = TextVersion(family=key.family, name=key.name, language=key.language, number=number)
        row.parts = dict(parts) if parts is not None else None
        row.written_at, row.written_by = now(), make_office().id
        return add(row)
