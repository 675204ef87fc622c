"""What an invented sponsor offers: support kind, letters a month, languages, wishes, the end of a mandate. Pure."""

from datetime import date, datetime, timedelta

from app.demo.countries import EAST, Country
from app.demo.dice import Dice
from app.demo.people import Wish
from app.demo.places import HOME_AREAS
from app.vocabulary import AgeGroup, Gender, LanguageLevel, ProfessionGroup, SponsorRole, SupportKind

_GODPARENT_SHARES = {
    SponsorRole.VOLUNTEER: 0.05,
    SponsorRole.PARLIAMENTARIAN: 0.92,
    SponsorRole.ARTIST: 0.65,
    SponsorRole.ATHLETE: 0.6,
    SponsorRole.PUBLIC_FIGURE: 0.75,
}


def kind_for(role: SponsorRole, dice: Dice) -> SupportKind:
    """What somebody of the role takes on; a volunteer normally writes letters."""
    return SupportKind.GODPARENT if dice.chance(_GODPARENT_SHARES[role]) else SupportKind.LETTER_WRITER


def letters_for(kind: SupportKind, dice: Dice) -> int:
    """Letters a month."""
    return dice.weighted({0: 0.5, 1: 0.4, 2: 0.1} if kind is SupportKind.GODPARENT else {1: 0.2, 2: 0.4, 4: 0.4})


def languages_of(country: Country, dice: Dice, *, fluent: float) -> dict[str, LanguageLevel]:
    """The languages somebody there writes: their own, perhaps English, and Russian or Belarusian as likely as given.

    In the east more people have some Russian.
    """
    known = {country.language: LanguageLevel.FLUENT}
    if dice.chance(0.6):
        known.setdefault("en", LanguageLevel.FLUENT)
    if dice.chance(fluent):
        known["ru"] = LanguageLevel.FLUENT
    elif dice.chance(0.45 if country in EAST else 0.22):
        known["ru"] = LanguageLevel.BASIC
    if dice.chance(0.08):
        known["be"] = dice.pick(tuple(LanguageLevel))
    return known


def mandate_end(signed_up: datetime, dice: Dice) -> date:
    """The end of a mandate: some time in the four years after they signed up."""
    return (signed_up + dice.within(timedelta(days=200), timedelta(days=4 * 365))).date()


def wish(dice: Dice) -> Wish:
    """Whom they would rather support; three in four have no wish."""
    if not dice.chance(0.25):
        return Wish()
    return Wish(
        home_area=dice.pick(HOME_AREAS) if dice.chance(0.3) else None,
        profession_group=dice.pick(tuple(ProfessionGroup)) if dice.chance(0.4) else None,
        gender=dice.pick((Gender.FEMALE, Gender.MALE)) if dice.chance(0.2) else None,
        age_group=dice.pick(tuple(AgeGroup)) if dice.chance(0.3) else None,
        long_sentence=dice.chance(0.2),
    )
