"""The answers to every step of signing up, read together: what the last page shows and what is stored."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Self, TypeVar

from flask_babel import format_date
from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict
from wtforms import BooleanField, Field, RadioField, SelectField

from app.actions.sponsors import Application
from app.vocabulary import AgeGroup, Gender, ProfessionGroup, SponsorRole, SupportKind
from app.web.labels import label, language_name
from app.web.public.forms import AboutStep, CountryStep, LanguagesStep, OfferStep, Step, WishesStep

Word = TypeVar("Word", bound=StrEnum)


@dataclass(frozen=True)
class Answers:
    """One form for each step but the last, all filled from one post."""

    country: CountryStep
    about: AboutStep
    offer: OfferStep
    languages: LanguagesStep
    wishes: WishesStep

    @classmethod
    def read(cls, posted: MultiDict[str, str]) -> Self:
        """The answers that the hidden fields of a later step carry along."""
        return cls(CountryStep(posted), AboutStep(posted), OfferStep(posted), LanguagesStep(posted), WishesStep(posted))

    def __iter__(self) -> Iterator[Step]:
        return iter((self.country, self.about, self.offer, self.languages, self.wishes))

    def first_wrong(self) -> Step | None:
        """The first step whose answers do not hold; None when all do."""
        return next((step for step in self if not step.validate()), None)

    def summary(self) -> list[tuple[Step, list[tuple[str, str]]]]:
        """For each step the questions and answers, in words."""
        rows = {step.name: [(str(f.label.text), _shown(f)) for f in step if self._asks(f)] for step in self}
        written = [f"{language_name(code)}: {label(level)}" for code, level in self.languages.written().items()]
        rows["languages"].insert(0, (_("Languages you write"), ", ".join(written)))
        return [(step, rows[step.name]) for step in self]

    def application(self) -> Application:
        """The answers as one application. The steps must have been validated."""
        about, offer, wishes = self.about, self.offer, self.wishes
        in_parliament = self._in_parliament
        return Application(
            name=about.full_name.data,
            role=SponsorRole(about.role.data),
            support_kind=SupportKind(offer.support_kind.data),
            country=self.country.country.data,
            time_zone=about.time_zone.data,
            interface_language=about.interface_language.data,
            profession_group=ProfessionGroup(about.profession_group.data),
            capacity=offer.capacity.data,
            letters_a_month=offer.letters_a_month.data,
            available_from=offer.available_from.data,
            available_until=offer.available_until.data,
            languages=self.languages.written(),
            translation_wanted=self.languages.translation_wanted.data,
            parliament=about.parliament.data if in_parliament else None,
            mandate_ends=about.mandate_ends.data if in_parliament else None,
            wish_home_area=wishes.wish_home_area.data or None,
            wish_profession_group=_chosen(ProfessionGroup, wishes.wish_profession_group.data),
            wish_gender=_chosen(Gender, wishes.wish_gender.data),
            wish_age_group=_chosen(AgeGroup, wishes.wish_age_group.data),
            wish_long_sentence=wishes.wish_long_sentence.data,
            conflict_notes=wishes.conflict_notes.data or None,
        )

    @property
    def _in_parliament(self) -> bool:
        return bool(self.about.role.data == SponsorRole.PARLIAMENTARIAN)

    def _asks(self, field: Field) -> bool:
        """Whether the field is a question to this person, to be shown with its answer."""
        if field.type in ("CSRFTokenField", "FieldList", "HiddenField"):
            return False
        return self._in_parliament or field not in (self.about.parliament, self.about.mandate_ends)


def _chosen(kind: type[Word], value: str | None) -> Word | None:
    return kind(value) if value else None


def _shown(field: Field) -> str:
    if isinstance(field, BooleanField):
        return str(_("Yes") if field.data else _("No"))
    if isinstance(field, SelectField | RadioField):
        return (
            next((str(choice.label) for choice in field.choices if choice.value == field.data), "")
            if field.data
            else ""
        )
    if isinstance(field.data, date):
        return str(format_date(field.data, "long"))
    return "" if field.data is None else str(field.data)
