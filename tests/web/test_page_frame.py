"""What stands around every page: the way out, the links for whoever looks, titles that name nobody."""

from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest
from bs4 import BeautifulSoup
from flask import Flask, flash, render_template

from app.permissions import Permission, Viewer, allowed
from app.vocabulary import StaffRole
from tests.web.parts import application

SPONSOR = Viewer(account_id="a", sponsor_id="s", confirmed=True)
COORDINATOR = Viewer(account_id="b", confirmed=True, roles=frozenset({StaffRole.COORDINATOR}))
ADMINISTRATOR = Viewer(account_id="c", confirmed=True, roles=frozenset({StaffRole.ADMINISTRATOR}))


@pytest.fixture(autouse=True)
def app() -> Iterator[Flask]:
    with application() as running:
        yield running


def _page(viewer: Viewer | None = None, template: str = "errors/error.html") -> BeautifulSoup:
    markup = render_template(
        template, viewer=viewer, allowed=allowed, Permission=Permission, status=404, title="Nothing here", text="So."
    )
    return BeautifulSoup(markup, "html.parser")


@pytest.mark.parametrize(
    ("viewer", "links"),
    [
        (None, ["People", "How it works", "Log in"]),
        (SPONSOR, ["Home", "Settings", "Account", "Log out"]),
        (COORDINATOR, ["Desk", "Proposals", "Sponsors", "Prisoners", "Account", "Log out"]),
        (ADMINISTRATOR, ["Administration", "Account", "Log out"]),
    ],
)
def test_the_links_are_those_that_open(viewer: Viewer | None, links: list[str]) -> None:
    bar = _page(viewer).find("header").find("nav")

    assert [item.get_text(strip=True) for item in bar.find_all("li")] == links


def test_the_way_out_is_a_plain_link_that_tells_nobody_where_one_came_from() -> None:
    way_out = _page().find(attrs={"data-exit": True})

    assert way_out.name == "a"
    assert urlsplit(way_out["href"]).scheme == "https"
    assert "noreferrer" in way_out["rel"]


def test_nothing_is_loaded_from_elsewhere_w6() -> None:
    page = _page()

    loaded = [tag.get("src") or tag.get("href") for tag in page.find_all(["script", "link", "img"])]
    assert len(loaded) >= 4
    assert all(address.startswith("/") and not address.startswith("//") for address in loaded)


def test_logging_out_is_a_form_because_it_changes_something_w1() -> None:
    form = _page(SPONSOR).find("header").find("form")

    assert form["method"] == "post"
    assert form.find("input", attrs={"name": "csrf_token"})


def test_the_skip_link_leads_to_the_page() -> None:
    page = _page()

    assert page.find("a")["href"] == "#main"
    assert page.find("main")["id"] == "main"


def test_flash_messages_stay_text_and_bad_news_is_announced_at_once() -> None:
    flash("<b>lost</b>", "danger")
    flash("kept", "success")

    page = _page()

    bad, good = page.select(".flash")
    assert (bad["role"], bad.get_text(strip=True)) == ("alert", "<b>lost</b>")
    assert good["role"] == "status"


def test_the_bare_page_needs_nothing_that_could_fail() -> None:
    page = _page(template="errors/bare.html")

    assert page.find("h1").get_text() == "Nothing here"
    assert page.find("a") is None
