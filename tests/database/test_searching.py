"""Searching people by name, and the name they are shown by."""

import pytest
from flask import Flask
from sqlalchemy import select

from app.database import session
from app.models import Prisoner
from app.queries.searching import holds_words
from app.search_key import search_key
from tests.factories import make_prisoner

NAMES = ("Alena Vymyslenaja", "Alena Kazka-Papierka", "Ales 100%_Vymysleny")


@pytest.mark.parametrize(
    ("searched", "found"),
    [
        ("alena", NAMES[:2]),
        ("KAZKA alena", NAMES[1:2]),
        ("vymysl", (NAMES[0], NAMES[2])),
        ("alena nobody", ()),
        ("_vym", NAMES[2:]),
        ("%", NAMES),
        ("", NAMES),
        ("   ", NAMES),
    ],
)
def test_every_word_has_to_be_in_the_name_in_whatever_order(app: Flask, searched: str, found: tuple[str, ...]) -> None:
    for name in NAMES:
        make_prisoner(name=name, search_key=search_key(name))

    query = select(Prisoner.name).where(*holds_words(Prisoner.search_key, searched))

    assert set(session().scalars(query)) == set(found)


@pytest.mark.parametrize(("latin", "shown"), [("Nadzieja", "Nadzieja"), (None, "Надзея"), ("", "Надзея")])
def test_a_prisoner_is_shown_in_latin_letters_where_they_are_known(latin: str | None, shown: str) -> None:
    assert Prisoner(name="Надзея", name_latin=latin).shown_name == shown
