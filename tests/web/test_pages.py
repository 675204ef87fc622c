"""Every page, as every kind of person sees it: its title, its one heading, its ids, its labels, and nothing inline."""

from dataclasses import dataclass

import pytest
from bs4 import BeautifulSoup, Tag
from flask import Flask
from flask.testing import FlaskClient

from app.clock import now
from app.models import Account, Match, OutgoingMail, Prisoner, Sponsor
from app.vocabulary import Fact, MatchState, OutgoingState, Publicity, SupportKind, VettingState
from tests.factories import (
    fresh,
    make_administrator,
    make_coordinator,
    make_match,
    make_prisoner,
    make_run,
    make_sponsor,
    writing,
)
from tests.factories.writing import add
from tests.web.browsing import browser_of, soup

NAME, SURNAME = "Kaciaryna-Jelizavieta", "Niesapraŭdnaja<b>Š"


@dataclass(frozen=True)
class World:
    """One of everything, for pages to show."""

    prisoner: Prisoner
    sponsor: Sponsor
    proposed: Match
    offered: Match
    active: Match
    declined: Match
    accounts: dict[str, Account]


@pytest.fixture
def world(app: Flask) -> World:
    """A prisoner with every fact, matches in several states, and everybody who may look."""
    with writing():
        full_name = f"{NAME} {SURNAME}"
        prisoner = make_prisoner(
            name=full_name, name_latin=full_name, name_cyrillic="Кацярына", facts=Fact, publicity=Publicity.PUBLIC,
            story="She taught.\n<script>alert(1)</script>",
        )  # fmt: skip
        sponsor, pending = make_sponsor(name=full_name), make_sponsor(vetting_state=VettingState.PENDING)
        offered = make_match(prisoner=prisoner, sponsor=sponsor, state=MatchState.APPROVED)
        godparent = make_sponsor(support_kind=SupportKind.GODPARENT)
        spoken_for = {"state": MatchState.ACTIVE, "kind": SupportKind.GODPARENT}
        made = World(
            prisoner=prisoner,
            sponsor=pending,
            proposed=make_match(prisoner=prisoner, run=make_run()),
            offered=offered,
            active=make_match(prisoner=prisoner, sponsor=godparent, **spoken_for),
            declined=make_match(prisoner=prisoner, state=MatchState.DECLINED),
            accounts=_people() | {
                "sponsor": sponsor.account, "pending": pending.account, "godparent": godparent.account,
            },
        )  # fmt: skip
        _put_in_doubt(offered)
    return made


def _people() -> dict[str, Account]:
    """Staff of every sort, and a sponsor whose address is still to be confirmed."""
    unconfirmed = make_sponsor(vetting_state=VettingState.PENDING).account
    unconfirmed.email_confirmed_at = None
    return {
        "unconfirmed": unconfirmed,
        "coordinator": make_coordinator(roles=["coordinator", "programme"]),
        "stranger to all": make_coordinator(regions=["MT"]),
        "programme": make_coordinator(roles=["programme"], regions=[]),
        "administrator": make_administrator(),
    }


def _put_in_doubt(match: Match) -> None:
    """A mail about the match of which nobody knows whether it went."""
    mail = OutgoingMail(message="offer", occasion="one", state=OutgoingState.IN_DOUBT, match_id=match.id)
    mail.account_id, mail.created_at, mail.due_at = match.sponsor.account_id, now(), now()
    add(mail)


PAGES = [
    ("nobody", "/signup", "Sign up: Where you live"),
    ("nobody", "/signup/sent", "Look into your mail"),
    ("nobody", "/login", "Log in"),
    ("nobody", "/unconfirmed", "Look into your mail"),
    ("sponsor", "/home", "Home"),
    ("pending", "/home", "Home"),
    ("godparent", "/home", "Home"),
    ("sponsor", "/matches/{offered}", "An offer"),
    ("sponsor", "/matches/{offered}/refuse", "Ask for someone else"),
    ("godparent", "/matches/{active}", "Your person"),
    ("coordinator", "/desk", "Desk"),
    ("coordinator", "/desk/proposals", "Proposals"),
    ("coordinator", "/desk/proposals?tier=5&kind=godparent", "Proposals"),
    ("coordinator", "/desk/proposals/{proposed}", "A proposal"),
    ("coordinator", "/desk/proposals/{offered}", "A proposal"),
    ("coordinator", "/desk/proposals/{active}", "A proposal"),
    ("coordinator", "/desk/proposals/{declined}", "A proposal"),
    ("coordinator", "/desk/sponsors", "Sponsors"),
    ("coordinator", "/desk/sponsors?state=rejected", "Sponsors"),
    ("coordinator", "/desk/sponsors/{sponsor}", "A sponsor"),
    ("coordinator", "/desk/sponsors/{sponsor}?q=kaciaryna", "A sponsor"),
    ("coordinator", "/desk/prisoners", "Prisoners"),
    ("coordinator", "/desk/prisoners?q=nobody+at+all", "Prisoners"),
    ("coordinator", "/desk/prisoners/{prisoner}", "A prisoner"),
    ("coordinator", "/desk/prisoners/{prisoner}/event", "Record an event"),
    ("stranger to all", "/desk", "Desk"),
    ("stranger to all", "/desk/proposals", "Proposals"),
    ("stranger to all", "/desk/sponsors", "Sponsors"),
    ("stranger to all", "/desk/prisoners", "Prisoners"),
    ("programme", "/desk", "Desk"),
    ("administrator", "/admin", "Administration"),
]  # fmt: skip


@pytest.mark.parametrize(("who", "path", "title"), PAGES)
def test_a_page_is_whole(app: Flask, world: World, who: str, path: str, title: str) -> None:
    client = app.test_client() if who == "nobody" else browser_of(app, world.accounts[who])

    answer = client.get(_filled(path, world))

    assert answer.status_code == 200
    assert offences(soup(answer), title) == []
    assert "<script>alert" not in answer.text
    assert SURNAME not in answer.text


@pytest.mark.parametrize(
    ("who", "path", "posted", "title"),
    [
        ("nobody", "/login", {}, "Log in"),
        ("sponsor", "/matches/{offered}/refuse", {}, "Ask for someone else"),
        ("coordinator", "/desk/proposals/{proposed}/decline", {"version": 1}, "A proposal"),
        ("coordinator", "/desk/proposals/{proposed}/decline", {"version": 1, "reason": "other"}, "A proposal"),
        ("coordinator", "/desk/sponsors/{sponsor}/vet", {"version": 1}, "A sponsor"),
        ("coordinator", "/desk/prisoners/{prisoner}/event", {}, "Record an event"),
    ],
)  # fmt: skip
def test_a_form_that_cannot_be_read_comes_back_with_what_to_mend(
    app: Flask, world: World, who: str, path: str, posted: dict[str, object], title: str
) -> None:
    client = app.test_client() if who == "nobody" else browser_of(app, world.accounts[who])
    token = {"csrf_token": _token(client, world)}

    answer = client.post(_filled(path, world), data=posted | token)

    page = soup(answer)
    assert answer.status_code == 422
    assert offences(page, title) == []
    targets = [link["href"] for link in page.select("[data-error-summary] a")]
    assert targets
    assert [target for target in targets if page.select_one(target) is None] == []
    assert fresh(world.proposed).state is MatchState.PROPOSED


def test_a_link_that_no_longer_works_says_so(app: Flask) -> None:
    answer = app.test_client().get("/confirm/never-was")

    assert answer.status_code == 404
    assert offences(soup(answer), "This link no longer works") == []


@pytest.mark.parametrize("mistake", [
    '<h1>a</h1><h1>b</h1>',
    '<h1>a</h1><p id="x"></p><p id="x"></p>',
    '<h1>a</h1><p style="color: red"></p>',
    '<h1>a</h1><script>go()</script>',
    '<h1>a</h1><button onclick="go()">a</button>',
    '<h1>a</h1><label for="gone">a</label>',
    '<h1>a</h1><input name="x">',
    '<h1>a</h1><form method="post"></form>',
])  # fmt: skip
def test_the_check_itself_sees_a_mistake(mistake: str) -> None:
    whole = "<title>A · Vestka</title><main>{}</main>"

    assert offences(BeautifulSoup(whole.format("<h1>a</h1>"), "html.parser"), "A") == []
    assert offences(BeautifulSoup(whole.format(mistake), "html.parser"), "A") != []


def offences(page: BeautifulSoup, title: str) -> list[str]:
    """Everything about a page that no page may have."""
    found = [] if page.title and page.title.get_text() == f"{title} · Vestka" else [f"title {page.title}"]
    if len(page.find_all("h1")) != 1:
        found.append("not one h1")
    ids = [element["id"] for element in page.select("[id]")]
    found += [f"two of #{one}" for one in set(ids) if ids.count(one) > 1]
    found += [f"inline: {element}" for element in page.find_all(_runs_or_styles_inline)]
    found += [f"label for nothing: {label}" for label in page.select("label[for]") if label["for"] not in ids]
    found += [f"described by nothing: {e}" for e in page.select("[aria-describedby]") if not _described(e, ids)]
    found += [f"no label: {control}" for control in page.select("input, select, textarea") if not _named(control, page)]
    return found + [
        f"no token: {form}" for form in page.select("form[method=post]") if not form.select("[name=csrf_token]")
    ]


def _runs_or_styles_inline(element: Tag) -> bool:
    if element.name == "style" or (element.name == "script" and not element.get("src")):
        return True
    return any(name == "style" or name.startswith("on") for name in element.attrs)


def _described(element: Tag, ids: list[str]) -> bool:
    return all(one in ids for one in str(element["aria-describedby"]).split())


def _named(control: Tag, page: BeautifulSoup) -> bool:
    if control.get("type") == "hidden" or control.get("aria-label") or control.find_parent("label"):
        return True
    return bool(control.get("id")) and page.select_one(f'label[for="{control["id"]}"]') is not None


def _filled(path: str, world: World) -> str:
    names = ("proposed", "offered", "active", "declined", "sponsor", "prisoner")
    return path.format(**{name: getattr(world, name).id for name in names})


def _token(client: FlaskClient, world: World) -> str:
    """A token from the first page that this browser can open."""
    for path in ("/login", "/home", "/desk"):
        field = soup(client.get(path, follow_redirects=True)).select_one("[name=csrf_token]")
        if field is not None:
            return str(field["value"])
    raise AssertionError("no form anywhere")
