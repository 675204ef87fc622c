"""What a coordinator reads and does: numbers with their lists, reasons with their points, nothing of others."""

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from app.clock import now, today
from app.database import session
from app.models import OutgoingMail
from app.vocabulary import Fact, MatchState, OutgoingState, QuarantineState, VettingState
from tests.factories import (
    fresh,
    make_account,
    make_coordinator,
    make_facility,
    make_mail,
    make_match,
    make_policy,
    make_prisoner,
    make_quarantined_row,
    make_run,
    make_sponsor,
    vouch_for,
    writing,
)
from tests.web.browsing import browser_of, soup, token_of

PROGRAMME = ("coordinator", "programme")


def _things_to_look_after() -> None:
    """Two silent sponsors, a mandate that ends, an offer that lapsed, two addresses: one not whole, and an old one."""
    long_ago = today() - timedelta(days=200)
    for prisoner in (make_prisoner(facility=None), make_prisoner()):
        sponsor = make_sponsor(last_sign_on=long_ago)
        make_match(prisoner=prisoner, sponsor=sponsor, state=MatchState.ACTIVE)
    vouch_for(prisoner, verified_on=long_ago)
    make_match(sponsor=make_sponsor(mandate_ends=today()), state=MatchState.PAUSED)
    make_match(state=MatchState.LAPSED)


def test_each_number_of_the_desk_leads_to_a_list_that_holds_as_many(app: Flask) -> None:
    for tier in (0, 0, 3):
        make_match(tier=tier)
    make_sponsor(vetting_state=VettingState.PENDING)
    make_sponsor(vetting_state=VettingState.PENDING, account=make_account(email_confirmed_at=None))
    make_match(state=MatchState.APPROVED)
    for _ in range(4):
        make_mail(account_id=make_sponsor().account_id, state=OutgoingState.IN_DOUBT)
    for _ in range(3):
        make_quarantined_row()
    make_quarantined_row(state=QuarantineState.NEW_PERSON)
    _things_to_look_after()
    client = browser_of(app, make_coordinator(roles=PROGRAMME))
    waiting = "table:has(a[href^='/desk/quarantine/']) tbody tr"
    rows = {"/desk/proposals": ".proposal", "/desk/quarantine": waiting}

    desk = soup(client.get("/desk"))
    tiles = {tile["href"]: int(tile.b.get_text(strip=True)) for tile in desk.select(".tile")}

    assert sorted(tiles.values()) == [0, 0, 1, 1, 1, 1, 1, 2, 2, 2, 3, 4]
    for address, count in tiles.items():
        page, _hash, section = address.partition("#")
        shown = soup(client.get(page)) if page else desk
        plain = rows.get(page.partition("?")[0], "tbody tr")
        listed = shown.select(f"section[aria-labelledby={section}] tbody tr" if section else plain)
        assert len(listed) == count, address


def test_one_of_a_kind_is_named_as_one(app: Flask) -> None:
    make_match(tier=0)
    make_mail(account_id=make_sponsor().account_id, state=OutgoingState.IN_DOUBT)
    client = browser_of(app, make_coordinator(roles=PROGRAMME))

    tiles = [" ".join(tile.get_text(" ").split()) for tile in soup(client.get("/desk")).select(".tile")]

    assert "1 proposal for somebody at particular risk (needs a person now)" in tiles
    assert "1 mail in doubt (needs a person now)" in tiles
    assert "0 other proposals" in tiles


def test_a_mail_in_doubt_is_named_on_the_desk_with_the_sponsor_to_ask(app: Flask) -> None:
    sponsor = make_sponsor(name="Zoja Zahadka")
    make_mail(account_id=sponsor.account_id, state=OutgoingState.IN_DOUBT)
    client = browser_of(app, make_coordinator(roles=PROGRAMME))

    tile = soup(client.get("/desk")).select_one(".tile[href='/desk/mails']")
    row = soup(client.get("/desk/mails")).select_one("tbody tr")

    assert tile.b.get_text(strip=True) == "1"
    assert row.a["href"] == f"/desk/sponsors/{sponsor.id}"
    assert row.a.get_text() == "Zoja Zahadka"


def test_z5_whoever_only_coordinates_sees_no_count_of_the_whole_programme(app: Flask) -> None:
    make_run(uncovered_by_tier=[7, 7, 7, 7, 7, 7])

    answer = browser_of(app, make_coordinator()).get("/desk")

    assert "Last runs" not in answer.text
    assert "Run the matching" not in answer.text


def test_whoever_only_runs_the_matching_sees_the_run_and_no_person(app: Flask) -> None:
    make_match(sponsor=make_sponsor(name="Zoja Zahadka"))
    make_run(uncovered_by_tier=[1, 2, 3, 0, 0, 0])
    programme = make_coordinator(roles=["programme"], regions=["*"])

    page = soup(browser_of(app, programme).get("/desk"))

    assert "Zoja Zahadka" not in page.get_text()
    assert [cell.get_text(strip=True) for cell in page.select("tbody tr")[1].select(".cell-number")] == ["0", "0", "6"]


def test_z5_of_a_prisoner_outside_the_caseload_stand_name_and_open_seats_only(app: Flask) -> None:
    facility = make_facility(title="Penal colony CANARY")
    other = make_prisoner(name_latin="Ihar Adzinotny", facility=facility, facts=[Fact.SERIOUS_ILLNESS])
    client = browser_of(app, make_coordinator(caseload=[make_prisoner()]))

    page = soup(client.get("/desk/prisoners?q=adzinotny"))

    words = page.select_one("tbody tr").get_text(" ", strip=True)
    assert "Ihar Adzinotny" in words
    assert [word for word in ("CANARY", "Seriously ill", "Convicted") if word in words] == []
    assert client.get(f"/desk/prisoners/{other.id}").status_code == 404


def test_z5_a_supporter_of_another_region_is_not_named(app: Flask) -> None:
    prisoner = make_prisoner()
    for country, name in (("DE", "Zoja Zahadka"), ("FR", "Ihar Vyjava")):
        make_match(prisoner=prisoner, sponsor=make_sponsor(country=country, name=name), state=MatchState.ACTIVE)
    client = browser_of(app, make_coordinator(regions=["DE"], caseload=[prisoner]))

    words = soup(client.get(f"/desk/prisoners/{prisoner.id}")).get_text(" ", strip=True)

    assert "Zoja Zahadka" in words
    assert "Ihar Vyjava" not in words
    assert "A sponsor of another region" in words


def test_a_tier_is_explained_by_the_policy_that_gave_it_and_its_version_is_named(app: Flask) -> None:
    """A later policy changes neither the proposal nor its reasons."""
    make_policy(version=1, body={"tier": {"disability": 5}})
    make_policy(version=2, body={"tier": {"disability": 1}})
    match = make_match(prisoner=make_prisoner(facts=[Fact.DISABILITY]), run=make_run(policy_version=1), tier=0)
    client = browser_of(app, make_coordinator(roles=PROGRAMME))

    words = soup(client.get(f"/desk/proposals/{match.id}")).get_text(" ", strip=True)

    assert "lives with a disability 5" in words
    assert "followed version 1 of the policy" in words


def test_every_point_of_a_proposal_stands_there_by_name(app: Flask) -> None:
    match = make_match(terms={"language": 30, "preference": 14}, fit=45, tier=2)
    client = browser_of(app, make_coordinator(roles=PROGRAMME))

    page = soup(client.get(f"/desk/proposals/{match.id}"))

    assert [item.get_text(" ", strip=True) for item in page.select(".points-words li")] == [
        "language 30",
        "wish met 14",
    ]
    assert "Tier 2. 0 is the most urgent" in page.get_text()


@pytest.mark.parametrize(("state", "offered"), [(OutgoingState.QUEUED, True), (OutgoingState.SENT, False)])
def test_an_approval_can_be_taken_back_only_while_its_mail_is_held(
    app: Flask, state: OutgoingState, offered: bool
) -> None:
    match = make_match()
    client = browser_of(app, make_coordinator(roles=PROGRAMME))
    path = f"/desk/proposals/{match.id}"
    client.post(f"{path}/approve", data={"csrf_token": token_of(client, path), "version": match.version})
    with writing():
        mail = _mail_about(match.id)
        mail.state, mail.sent_at = state, now() if state is OutgoingState.SENT else None

    page = soup(client.get(path))

    assert bool(page.select(f'form[action="{path}/take-back"]')) is offered


def _mail_about(match_id: str) -> OutgoingMail:
    """The one mail about a match."""
    return session().scalars(select(OutgoingMail).where(OutgoingMail.match_id == match_id)).one()


def test_chosen_proposals_are_approved_and_one_that_changed_does_not_stop_the_others(app: Flask) -> None:
    good = make_match()
    stale = make_match(prisoner=make_prisoner(name_latin="Ihar Mroja"), sponsor=make_sponsor(name="Zoja Kazka"))
    client = browser_of(app, make_coordinator(roles=PROGRAMME))
    chosen = [f"{good.id}:{good.version}", f"{stale.id}:{stale.version + 1}"]
    posted = {"csrf_token": token_of(client, "/desk/proposals"), "proposal": chosen}

    answer = client.post("/desk/proposals/approve", data=posted, follow_redirects=True)

    assert [fresh(match).state for match in (good, stale)] == [MatchState.APPROVED, MatchState.PROPOSED]
    assert [flash.get_text(strip=True) for flash in soup(answer).select(".flash")] == [
        "1 proposal approved.",
        "One was not approved: Somebody decided on this, or its reasons changed, since you opened the page.",
    ]


def test_who_can_be_vetted_now_stands_first(app: Flask) -> None:
    names = ("Alena Bajka", "Ihar Mroja", "Zoja Kazka")
    alena, _ihar, _zoja = (make_sponsor(name=name, vetting_state=VettingState.PENDING) for name in names)
    with writing():
        alena.account.email_confirmed_at = None
    client = browser_of(app, make_coordinator())

    listed = [row.th.get_text(strip=True) for row in soup(client.get("/desk/sponsors")).select("tbody tr")]

    assert listed[-1] == "Alena Bajka"


def test_keeping_two_apart_begins_with_a_search_by_name(app: Flask) -> None:
    prisoner, sponsor = make_prisoner(name_latin="Ihar Adzinotny"), make_sponsor()
    client = browser_of(app, make_coordinator(roles=PROGRAMME))
    path = f"/desk/sponsors/{sponsor.id}"
    form = soup(client.get(f"{path}?q=adzinotny")).select_one(f'form[action="{path}/conflicts"]')

    client.post(f"{path}/conflicts", data={field["name"]: field["value"] for field in form.select("input")})

    kept_apart = soup(client.get(path)).select_one("section[aria-labelledby=apart] li")
    assert kept_apart.get_text() == (prisoner.name_latin or prisoner.name)


def test_w7_a_message_in_the_cookie_names_nobody(app: Flask) -> None:
    stale = make_match(prisoner=make_prisoner(name_latin="Ihar Adzinotny"), sponsor=make_sponsor(name="Zoja Kazka"))
    client = browser_of(app, make_coordinator(roles=PROGRAMME))
    posted = {"csrf_token": token_of(client, "/desk/proposals"), "proposal": [f"{stale.id}:99"]}

    client.post("/desk/proposals/approve", data=posted)

    with client.session_transaction() as cookie:
        assert cookie["_flashes"]
        assert "Adzinotny" not in str(dict(cookie))
        assert "Kazka" not in str(dict(cookie))


def test_the_tier_of_a_proposal_has_its_reasons(app: Flask) -> None:
    match = make_match(prisoner=make_prisoner(facts=[Fact.SERIOUS_ILLNESS]), tier=2)
    client = browser_of(app, make_coordinator(roles=PROGRAMME))

    words = soup(client.get(f"/desk/proposals/{match.id}")).get_text(" ", strip=True)

    assert "seriously ill 3" in words
    assert "held for more than three years 1" in words
