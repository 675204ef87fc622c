"""The parts of the look: what each one says, and what it keeps to itself."""

import re
from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import pytest
from flask import Flask

from app.vocabulary import DetentionStatus, MatchState, OutgoingState, Publicity, VettingState
from app.web.labels import label
from tests.web.parts import application, render

TERMS = [("language", "writes Russian", 30), ("preference", "wish met", 8), ("steadiness", "steady", 0)]
COLUMNS = [("Name", "name"), ("Facility", "text"), ("Seats", "number"), ("", "actions")]


@pytest.fixture(autouse=True)
def app() -> Iterator[Flask]:
    with application() as running:
        yield running


def _person(**changes: Any) -> SimpleNamespace:
    values = {
        "name": "Janka Uzorny",
        "original": "Янка Узорны",
        "facility_line": "Penal colony No. 4",
        "description_line": None,
        "days_held": 1873,
    }
    return SimpleNamespace(**values | changes)


def test_an_envelope_names_the_person_in_both_scripts_and_the_days_held() -> None:
    page = render("{{ envelope.envelope(person) }}", person=_person())

    assert page.find("h3").get_text(strip=True) == "Janka Uzorny"
    assert page.find(lang="be").get_text() == "Янка Узорны"
    assert page.find(role="img")["aria-label"] == "Held for 1,873 days"


def test_an_envelope_shows_no_number_but_the_days_unless_seats_are_given_p8() -> None:
    bare = render("{{ envelope.envelope(person) }}", person=_person(facility_line="Prison", days_held=None))
    sealed = render("{{ envelope.envelope(person, seats=(2, 3)) }}", person=_person(days_held=None))

    assert not re.search(r"\d", bare.get_text())
    assert len(sealed.select(".seal")) == 3
    assert len(sealed.select(".seal-open")) == 1
    assert "1 place open" in sealed.get_text()


def test_markup_in_a_name_stays_text_w2() -> None:
    page = render("{{ envelope.envelope(person, url='/') }}", person=_person(name="<b>a</b>", original="<i>b</i>"))

    assert page.find(["b", "i"]) is None
    assert "<b>a</b>" in page.get_text()


def test_a_proposal_never_shows_points_without_their_names() -> None:
    page = render("{{ proposal.points_bar(terms) }}", terms=TERMS)

    words = [item.get_text(" ", strip=True) for item in page.find_all("li")]
    bars = page.select("rect[class^=term-]")
    assert words == ["writes Russian 30", "wish met 8"]
    assert [float(bar["x"]) for bar in bars] == [0, 30]
    assert page.find(style=True) is None


def test_a_proposal_without_points_says_so() -> None:
    assert "nothing in particular" in render("{{ proposal.points_bar([]) }}").get_text()


def test_a_proposal_row_sends_what_was_seen() -> None:
    page = render(
        '{{ proposal.proposal("abc", 0, "Janka", "Jonas", terms, "/yes", "/no", version=3, value="abc:3") }}',
        terms=TERMS,
    )

    approve, decline = page.find("button"), page.find("a", attrs={"data-act": "decline"})
    assert page.find("input", type="checkbox")["value"] == "abc:3"
    assert (approve["formaction"], approve["name"], approve["value"]) == ("/yes", "version", "3")
    assert decline["href"] == "/no"
    assert page.select_one(".tier").get_text() == "Tier 0"


def test_what_needs_a_person_now_says_so_in_words_and_nothing_is_left_out() -> None:
    tiles = [(3, "at risk", "/a", True), (0, "in doubt", "/b", True), (41, "others", "/c", False)]

    page = render("{{ today.tiles(tiles) }}", tiles=tiles)

    said = [tile.get_text(" ", strip=True) for tile in page.find_all("a")]
    assert said == ["3 at risk (needs a person now)", "0 in doubt", "41 others"]


def test_a_table_keeps_its_meaning_when_rows_become_cards() -> None:
    page = render(
        '{% call tables.table("People", columns) %}{{ tables.row(columns, cells) }}{% endcall %}',
        columns=COLUMNS,
        cells=["Janka", "Prison <4>", 2, "Open"],
    )

    assert page.find("caption").get_text() == "People"
    assert [cell["data-label"] for cell in page.find_all("td", attrs={"data-label": True})] == ["Facility", "Seats"]
    assert page.find("th", scope="row").get_text() == "Janka"
    assert page.find("td").get_text() == "Prison <4>"


def test_pages_keep_what_was_searched_and_skip_the_far_ones() -> None:
    page = render('{{ tables.pagination(page, "public.people", q="Янка") }}', page=SimpleNamespace(number=7, pages=20))

    numbers = [item.get_text(strip=True) for item in page.find_all("li")]
    assert numbers == ["Previous", "Page1", "…", "Page6", "Page7", "Page8", "…", "Page20", "Next"]
    assert page.find("a", rel="next")["href"] == "/people?page=8&q=%D0%AF%D0%BD%D0%BA%D0%B0"
    assert page.find(attrs={"aria-current": "page"}).get_text(strip=True) == "Page7"


def test_one_page_needs_no_pages() -> None:
    only = SimpleNamespace(number=1, pages=1)

    assert not render('{{ tables.pagination(page, "public.people") }}', page=only).find()


@pytest.mark.parametrize(
    ("macro", "states"),
    [
        ("match_state", MatchState),
        ("vetting_state", VettingState),
        ("mail_state", OutgoingState),
        ("detention", DetentionStatus),
        ("publicity", Publicity),
    ],
)
def test_every_state_is_said_in_words_beside_a_shape(macro: str, states: Any) -> None:
    for state in states:
        page = render(f"{{{{ status.{macro}(state) }}}}", state=state)

        assert page.get_text(strip=True) == str(label(state))
        assert page.find("svg").find(["circle", "path", "rect"]) is not None


def test_steps_say_which_one_this_is() -> None:
    page = render('{{ steps.steps(["Notice", "Languages", "Check"], 2) }}')

    assert "Step 2 of 3" in page.get_text()
    assert page.find(attrs={"aria-current": "step"}).get_text(" ", strip=True) == "2 Languages"
    assert page.select_one(".step-done").get_text(" ", strip=True) == "Notice (done)"


def test_a_time_line_says_what_is_still_to_do() -> None:
    page = render('{{ timeline.timeline([("9 May", "Letter", "done"), ("1 June", "Card", "todo")]) }}')

    assert [item.get_text(" ", strip=True) for item in page.find_all("li")] == [
        "9 May Letter",
        "1 June (still to do) Card",
    ]


def test_consequences_are_told_before_the_button() -> None:
    page = render('{% call confirm.confirm("/go", "Record it", "/back", ["Two sponsors are told."]) %}{% endcall %}')

    assert page.find("li").get_text() == "Two sponsors are told."
    assert page.find("a")["href"] == "/back"


def test_an_answer_that_was_not_given_is_not_hidden() -> None:
    page = render('{{ answers.answers([("Wishes", none, "/change")]) }}')

    assert page.find("dd").get_text() == "Not said"
    assert page.find("a").get_text() == "Change Wishes"
