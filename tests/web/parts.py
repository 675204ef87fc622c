"""Renders one part of the look by itself, without a database."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from bs4 import BeautifulSoup
from flask import Flask, render_template_string
from flask_wtf import FlaskForm
from wtforms import (
    BooleanField,
    EmailField,
    FieldList,
    Form,
    FormField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, InputRequired, Optional
from wtforms.widgets import CheckboxInput, ListWidget

from app import create_app
from app.extensions import db
from tests.conftest import make_settings

COMPONENTS = Path(__file__).parents[2] / "app" / "templates" / "components"


@contextmanager
def application() -> Iterator[Flask]:
    """An application that never reads its database, inside a request for its first page."""
    with TemporaryDirectory() as folder:
        app = create_app(make_settings(Path(folder), f"sqlite:///{folder}/unread.db"))
        with app.test_request_context("/", base_url="http://localhost"):
            yield app
            db.engine.dispose()


def render(source: str, **context: Any) -> BeautifulSoup:
    """The markup of a piece of template; every component is at hand under its file's name."""
    imports = "".join(f'{{% import "components/{path.name}" as {path.stem} %}}' for path in COMPONENTS.glob("*.html"))
    return BeautifulSoup(render_template_string(imports + source, **context), "html.parser")


COUNTRIES = [SelectChoice("", "Choose"), SelectChoice("fr", "France")]
ROLES = [SelectChoice("v", "Volunteer"), SelectChoice("a", "Artist")]


class Language(Form):  # type: ignore[misc]
    """One language, as part of a longer form."""

    code = StringField("Language code", [DataRequired("Say which language.")])


class EveryKind(FlaskForm):  # type: ignore[misc]
    """A form with a field of each kind."""

    class Meta:
        csrf = False

    name = StringField("Your name", [DataRequired("Say what we may call you.")], description="A pen name is enough.")
    address = EmailField("Mail address", [DataRequired("Say where we reach you.")])
    story = TextAreaField("Anything else?", [Optional()])
    country = SelectField(
        "Country",
        [DataRequired("Choose a country.")],
        choices=COUNTRIES,
    )
    role = RadioField(
        "Who are you?",
        [InputRequired("Choose one.")],
        choices=ROLES,
    )
    reads = SelectMultipleField(
        "Languages",
        [InputRequired("Choose some.")],
        choices=[SelectChoice("ru", "Russian"), SelectChoice("be", "Belarusian")],
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
    )
    outside = BooleanField("I am not in Belarus", [InputRequired("Say that you are not in Belarus.")])
    languages = FieldList(FormField(Language), min_entries=1)
