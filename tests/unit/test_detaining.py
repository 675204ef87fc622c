"""What is known of each detaining country is whole and consistent."""

import pytest

from app.actions import programme
from app.detaining import DETAINING_COUNTRIES, DetainingCountry
from app.mail.reach import in_reach_of_state
from app.places import country_codes, language_name

EACH = pytest.mark.parametrize("country", DETAINING_COUNTRIES.values(), ids=lambda country: country.code)


@EACH
def test_every_country_has_letters_an_address_and_mailboxes(country: DetainingCountry) -> None:
    assert country.code in country_codes()
    assert country.address_line.isupper()
    assert all(language_name(code, "en") != code for code in country.letter_languages)
    assert country.letter_languages
    assert country.mail_domains


@EACH
def test_mailboxes_under_the_countrys_own_names_are_in_reach(country: DetainingCountry) -> None:
    assert in_reach_of_state(f"anna@example.{country.code.lower()}")
    assert all(in_reach_of_state(f"anna@{domain}") for domain in country.mail_providers)


@EACH
def test_domains_are_written_as_on_the_wire(country: DetainingCountry) -> None:
    for domain in country.mail_domains | country.mail_providers:
        assert domain.isascii()
        assert domain == domain.casefold().strip(".")


def test_new_records_are_of_countries_that_are_known() -> None:
    assert {programme.COUNTRY, *programme.COUNTRY_OF_SOURCE.values()} <= DETAINING_COUNTRIES.keys()
    assert programme.letter_languages("BY") == ["ru", "be"]
    assert programme.letter_languages("DE") == []
    assert not programme.numbers_name_facilities("DE")
