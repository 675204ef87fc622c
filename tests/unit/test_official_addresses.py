"""Which addresses are official, and what they say of their holder (B4): pure."""

import pytest

from app.errors import BadInput
from app.official_addresses import domain_of, domains_around, is_named_after, listed_domains, normalised_domain

OFFICIAL = "parliament.example"


@pytest.mark.parametrize(
    "address",
    [
        "z.beispiel@parliament.example",
        "Z.Beispiel@PARLIAMENT.Example",
        "z@mail.parliament.example",
        "z@ｐarliament.example",
    ],
)
def test_an_address_belongs_to_its_domain_and_to_what_that_lies_in(address: str) -> None:
    assert OFFICIAL in domains_around(address)


@pytest.mark.parametrize(
    "address",
    [
        "z@parliament.example.evil.example",
        "z@xparliament.example",
        "z@x-parliament.example",
        "z@parliament-example.org",
        "parliament.example@evil.example",
        "z@parliament.example.co",
        "z@pаrliament.example",  # a Cyrillic letter
        "z@parliament.exаmple",
        "z@párliament.example",
        "z@example",
    ],
)
def test_b4_what_only_looks_like_the_domain_is_none_of_it(address: str) -> None:
    try:
        around = domains_around(address)
    except BadInput:
        return
    assert OFFICIAL not in around


def test_b4_nothing_smuggles_a_second_address_in() -> None:
    for address in ("z@evil.example@parliament.example", "z@evil.example,z@parliament.example", "z@evil.example\n@x.y"):
        with pytest.raises(BadInput):
            domain_of(address)


def test_a_domain_is_kept_as_it_goes_on_the_wire() -> None:
    assert normalised_domain(" @Parlament.Beispiel.Example. ") == "parlament.beispiel.example"
    assert normalised_domain("sněm.example") == "xn--snm-1ra.example"


@pytest.mark.parametrize(
    "typed", ["", "example", "a b.example", "name@parliament.example", "parliament..example", "*.eu"]
)
def test_what_is_no_domain_is_refused(typed: str) -> None:
    with pytest.raises(BadInput):
        normalised_domain(typed)


@pytest.mark.parametrize(
    "local",
    ["zuzanna.beispiel", "z.beispiel", "beispiel", "Beispiel-Zuzanna", "zuzanna_maria.beispiel", "z.m.beispiel"],
)
def test_an_address_may_be_the_members_name(local: str) -> None:
    assert is_named_after(f"{local}@parliament.example", "Zuzanna Maria Beispiel")


@pytest.mark.parametrize(
    "local", ["z.beispiel.ma", "beispiel.office", "info", "z", "z.m.b", "anna.beispiel", "beispiel2", "zuzannabeispiel"]
)
def test_b4_what_is_more_than_a_name_or_somebody_elses_is_for_a_coordinator(local: str) -> None:
    assert not is_named_after(f"{local}@parliament.example", "Zuzanna Maria Beispiel")


@pytest.mark.parametrize(
    ("local", "name"),
    [
        ("press", "Anna Press"),
        ("intern.office", "Intern Office"),
        ("anna.press", "Anna Press"),
        ("pressoffice", "Anna Pressoffice"),
        ("a.buero", "Anna Buero"),
        ("buro", "Anna Büro"),
        ("kancelar", "Anna Kancelář"),
        ("posel", "Anna Poseł"),
        ("office2", "Anna Office2"),
        ("beispiel+anna", "Anna Beispiel"),
    ],
)
def test_b4_a_name_that_somebody_chose_for_it_makes_no_shared_mailbox_theirs(local: str, name: str) -> None:
    assert not is_named_after(f"{local}@parliament.example", name)


def test_marks_of_a_name_may_be_missing_in_an_address() -> None:
    assert is_named_after("z.przykladowa@sejm.example", "Żużanna Przykładowa")


def test_the_list_that_comes_with_the_program_is_in_order() -> None:
    listed = listed_domains()

    assert len({one.domain for one in listed}) == len(listed) > 20
    assert all(normalised_domain(one.domain) == one.domain and one.parliament for one in listed)
    assert {one.domain for one in listed if one.country is None} == {"europarl.europa.eu"}
