"""What stands on an envelope, by route."""

from dataclasses import replace

import pytest

from app.letters import Addressee, address_lines, envelope_lines
from app.vocabulary import MailRoute

TO = Addressee(
    name="Выдуманая Надзея Пятроўна",
    birth_year=1980,
    facility="Исправительная колония № 99",
    street="ул. Выдуманная, 1",
    postcode="000000",
    city="г. Выдумск",
    country="BY",
)


def test_a_whole_address_names_person_place_and_both_words_for_the_country() -> None:
    assert address_lines(TO) == (
        "Выдуманая Надзея Пятроўна (1980)",
        "Исправительная колония № 99",
        "ул. Выдуманная, 1",
        "000000 г. Выдумск",
        "РЕСПУБЛИКА БЕЛАРУСЬ / REPUBLIC OF BELARUS",
    )


def test_a_birth_year_or_a_country_line_that_is_not_known_is_left_out() -> None:
    lines = address_lines(replace(TO, birth_year=None, country="XX"))

    assert (lines[0], lines[-1]) == ("Выдуманая Надзея Пятроўна", "000000 г. Выдумск")


@pytest.mark.parametrize("part", ["facility", "street", "postcode", "city"])
def test_half_an_address_is_no_address(part: str) -> None:
    assert address_lines(replace(TO, **{part: None})) == ()


def test_the_direct_route_takes_the_whole_address() -> None:
    assert envelope_lines(TO, route=MailRoute.DIRECT) == address_lines(TO)


def test_the_inner_envelope_for_the_hub_gives_no_street_that_a_post_office_could_follow() -> None:
    assert envelope_lines(TO, route=MailRoute.VIA_HUB) == (
        "Выдуманая Надзея Пятроўна (1980)",
        "Исправительная колония № 99",
    )


def test_a_closed_route_has_no_envelope() -> None:
    assert envelope_lines(TO, route=MailRoute.CLOSED) == ()
