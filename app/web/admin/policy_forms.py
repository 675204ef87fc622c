"""A changed policy, as an administrator writes it: one field for each number, every problem at its field."""

import re
from collections.abc import Mapping
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import BooleanField, Field, IntegerField
from wtforms.validators import InputRequired
from wtforms.widgets import HiddenInput

from app.errors import InvalidPolicy, Problem
from app.queries import policies
from app.queries.policies import DEFAULT_NUMBERS, Version
from app.web.admin.policy_words import NUMBER_LABELS


class WholeNumber(IntegerField):
    """A whole number, refused in words of ours."""

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read what was typed; ValueError for anything but a whole number."""
        try:
            super().process_formdata(valuelist)
        except ValueError as wrong:
            raise ValueError(_("Write a whole number.")) from wrong


class PolicyForm(FlaskForm):
    """Every number of a policy; `version` is the one in force that the person saw. Made by `policy_form`."""

    version = IntegerField(widget=HiddenInput(), validators=[InputRequired()])

    def number_field(self, place: str) -> Field:
        """The field of a number, by its place."""
        return self[field_name(place)]

    def numbers(self) -> dict[str, int]:
        """What was written, by place."""
        return {place: self.number_field(place).data for place in DEFAULT_NUMBERS}

    def move_on(self, begun_with: Version, in_force: Version) -> None:
        """Make this a change of the policy in force: what was left as the form began with it follows that one."""
        for place, number in self.numbers().items():
            if number == begun_with.numbers[place]:
                field = self.number_field(place)
                field.data = in_force.numbers[place]
                field.raw_data = [str(field.data)]  # a field shows what was sent rather than its value
        self.version.data = in_force.number
        self.version.raw_data = [str(in_force.number)]

    def check(self, in_force: Version) -> bool:
        """Whether what was written is a policy; otherwise every problem stands at its field.

        What cannot be read is passed over with the number in force, so that all other problems are found as well.
        """
        readable = bool(self.validate())
        numbers = {
            place: in_force.numbers[place] if self.number_field(place).errors else number
            for place, number in self.numbers().items()
        }
        try:
            policies.written(numbers)
        except InvalidPolicy as wrong:
            for problem in wrong.problems:
                self._show(problem, in_force)
            return False
        return readable

    def _show(self, problem: Problem, in_force: Version) -> None:
        """Put a problem at its number; one of a whole group at those of its numbers that were changed."""
        group = [place for place in DEFAULT_NUMBERS if place == problem.place or place.startswith(f"{problem.place}.")]
        changed = [place for place in group if self.number_field(place).data != in_force.numbers[place]]
        sentence = _(problem.text) % problem.values
        for place in changed or group:
            field = self.number_field(place)
            field.errors = [*field.errors, f"{sentence[:1].upper()}{sentence[1:]}."]


def field_name(place: str) -> str:
    """The name of a number's field: its place, in letters that an address and a style sheet can hold."""
    return re.sub(r"\W+", "-", place).strip("-")


def policy_form(numbers: Mapping[str, int], *, seen_version: int, **more: Any) -> PolicyForm:
    """A form that holds what was sent; where nothing was, these numbers."""
    data = {field_name(place): number for place, number in numbers.items()}
    return _PolicyForm(data=data | {"version": seen_version}, **more)


def _field(place: str) -> Field:
    label, default = NUMBER_LABELS[place], DEFAULT_NUMBERS[place]
    if isinstance(default, bool):
        return BooleanField(label, description=_l("By default: yes") if default else _l("By default: no"))
    needed = InputRequired(_l("Write a whole number."))
    return WholeNumber(label, validators=[needed], description=_l("By default: %(number)s", number=default))


_FIELDS = {field_name(place): _field(place) for place in DEFAULT_NUMBERS}
_PolicyForm: type[PolicyForm] = type("PolicyForm", (PolicyForm,), _FIELDS)
