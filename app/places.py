"""Countries, languages and time zones that people choose from. Pure."""

from functools import cache
from zoneinfo import available_timezones

from babel import Locale
from babel.core import get_global

LETTER_LANGUAGES = ("ru", "be", "uk", "pl", "lt", "lv", "de", "en", "fr", "zh")
"""Languages that facilities pass or that translators work from, the frequent ones first."""

MAIL_LANGUAGES = ("en", "be", "ru", "uk", "pl", "lt", "lv", "cs", "de", "fr", "it", "es", "sv")
"""Languages that mails may be written in: the site's own, then those of the people who run such programmes."""

_NOT_COUNTRIES = frozenset({"EU", "EZ", "UN", "QO", "XA", "XB", "ZZ", "AC", "CP", "CQ", "DG", "EA", "IC", "TA"})


def country_codes() -> tuple[str, ...]:
    """Every ISO 3166-1 alpha-2 code that CLDR names."""
    codes = [str(code) for code in Locale("en").territories]
    return tuple(code for code in codes if len(code) == 2 and code.isalpha() and code not in _NOT_COUNTRIES)


def countries(language: str) -> list[tuple[str, str]]:
    """Codes and names of all countries, sorted by name in `language`."""
    names = Locale.parse(language).territories
    return sorted(((code, names[code]) for code in country_codes() if code in names), key=lambda pair: pair[1])


def country_name(code: str, language: str) -> str:
    """The country's name in `language`; the code itself where CLDR has none."""
    return str(Locale.parse(language).territories.get(code, code))


def language_name(code: str, language: str) -> str:
    """The name of the language `code` in `language`, with a capital letter."""
    name = str(Locale.parse(language).languages.get(code, code))
    return name[:1].upper() + name[1:]


@cache
def time_zones() -> tuple[str, ...]:
    """IANA zones that people live in, without the technical ones."""
    regions = ("Africa/", "America/", "Asia/", "Atlantic/", "Australia/", "Europe/", "Indian/", "Pacific/")
    return (*sorted(zone for zone in available_timezones() if zone.startswith(regions)), "UTC")


def time_zones_of(country: str) -> list[str]:
    """The zones that CLDR counts to the country; empty for a code it does not know."""
    territories = get_global("zone_territories")
    return [zone for zone in time_zones() if territories.get(zone) == country]
