"""The words of one text, as a coordinator writes them: one field for each part, every problem at its field."""

from collections.abc import Iterable, Mapping
from typing import Any, Final

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import Field, IntegerField, StringField, TextAreaField
from wtforms.validators import InputRequired
from wtforms.widgets import HiddenInput

from app.errors import TextProblem
from app.queries.texts import TextKey
from app.vocabulary import TextFamily
from app.web.forms import VersionForm
from app.web.text import clean_line, clean_text


class TextForm(VersionForm):
    """The words of a text by part; `version` is the number of the one that the person began with, 0 for built in."""

    @property
    def fields_of_parts(self) -> list[Field]:
        """One field for each part."""
        return [field for field in self if field.type in ("StringField", "TextAreaField")]

    @property
    def parts(self) -> dict[str, str]:
        """What was written."""
        return {field.short_name: field.data or "" for field in self.fields_of_parts}

    def has_seen(self, number: int) -> None:
        """Note that the person is shown this version now, whatever they began with."""
        self.version.data, self.version.raw_data = number, None

    def show(self, problems: Iterable[TextProblem]) -> None:
        """Put each problem at the part that it is in."""
        for problem in problems:
            sentence = _(problem.text) % problem.values
            field = self[problem.part]
            field.errors = [*field.errors, f"{sentence[:1].upper()}{sentence[1:]}."]


class MailForm(TextForm):
    """The words of one mail in one language."""

    subject = StringField(
        _l("Subject"),
        filters=[clean_line],
        description=_l("Whoever sees the list of mails can read it: nobody's name, and nothing of what this is about."),
    )
    heading = StringField(_l("Heading"), filters=[clean_line], description=_l("Stands large above the words."))
    body = TextAreaField(_l("Words"), filters=[clean_text])
    button = StringField(
        _l("Words on the button"), filters=[clean_line], description=_l("What happens next, in two or three words.")
    )


class FrameForm(TextForm):
    """What stands around the words of every mail in one language: the labels of its links, and its foot."""

    address = StringField(_l("Above the address of the button"), filters=[clean_line])
    sent = StringField(_l("Answer: it is in the post"), filters=[clean_line])
    later = StringField(_l("Answer: remind me later"), filters=[clean_line])
    go_on = StringField(_l("Answer: yes, I go on"), filters=[clean_line])
    pause = StringField(_l("Answer: I need a pause"), filters=[clean_line])
    end = StringField(_l("The way to end reminders"), filters=[clean_line])
    foot = StringField(_l("At the foot"), filters=[clean_line])


class LetterForm(TextForm):
    """A letter template in every language that it stands in, so that they stay the same letter."""

    ru = TextAreaField(_l("Russian"), filters=[clean_text])
    be = TextAreaField(_l("Belarusian"), filters=[clean_text])
    en = TextAreaField(
        _l("English"), filters=[clean_text], description=_l("Stands beside the letter, for whoever writes it.")
    )


FRAME: Final = "frame"
_FORMS: Final[Mapping[TextFamily, type[TextForm]]] = {TextFamily.MAIL: MailForm, TextFamily.LETTER: LetterForm}


class RestoreForm(VersionForm):
    """Going back to the version `number`; 0 is what is built in."""

    number = IntegerField(widget=HiddenInput(), validators=[InputRequired()])


def text_form(key: TextKey, parts: Mapping[str, str], *, seen_number: int, **more: Any) -> TextForm:
    """A form that holds what was sent; where nothing was, these words."""
    kind = FrameForm if key.name == FRAME else _FORMS[key.family]
    return kind(data={**parts, "version": seen_number}, **more)


def part_labels(key: TextKey) -> dict[str, str]:
    """What the parts of the text are called."""
    form = text_form(key, {}, seen_number=0, formdata=None)
    return {field.short_name: str(field.label.text) for field in form.fields_of_parts}
