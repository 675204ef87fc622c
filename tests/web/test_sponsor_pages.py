"""What a sponsor reads: where things stand, why the two were matched, where letters go; and nothing that is hidden."""

from datetime import date, timedelta
from typing import Any

import pytest
from flask import Flask

from app import clock
from app.clock import now, today
from app.mail import outbox
from app.models import PostRoute, Sponsor
from app.partial_date import PartialDate
from app.queries.people import days_held
from app.transaction import transaction
from app.vocabulary import (
    DetentionStatus,
    Fact,
    MailAccess,
    MailRoute,
    MatchState,
    RefusalReason,
    SupportKind,
    VettingState,
    Visibility,
)
from tests.factories import fresh, make_facility, make_match, make_office, make_prisoner, make_sponsor, writing
from tests.factories.writing import add
from tests.web.browsing import browser_of, soup, token_of

STREET = "ул. Выдуманная, 1"


def _page(app: Flask, sponsor: Sponsor, path: str) -> str:
    return str(soup(browser_of(app, sponsor.account).get(path)).main.get_text(" ", strip=True))


def _in(days: int) -> date:
    return today() + timedelta(days=days)


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"vetting_state": VettingState.PENDING}, "A coordinator looks at what you told us"),
        ({"vetting_state": VettingState.REJECTED}, "We can't go on with your sign-up"),
        ({}, "We are looking for somebody who suits you"),
        ({"available_from": _in(9)}, "From that day we look for somebody"),
        ({"available_until": _in(-9)}, "Your time here ended on"),
    ],
)
def test_home_says_where_things_stand_and_what_comes_next(app: Flask, changes: dict[str, Any], said: str) -> None:
    assert said in _page(app, make_sponsor(**changes), "/home")


def test_home_of_somebody_who_takes_a_pause_offers_nothing(app: Flask) -> None:
    sponsor = make_sponsor(paused_at=now(), paused_by=make_office().id)

    assert "You are taking a pause" in _page(app, sponsor, "/home")


def test_home_leads_to_the_first_offer_and_counts_the_others(app: Flask) -> None:
    sponsor = make_sponsor()
    first = make_match(sponsor=sponsor, state=MatchState.APPROVED)
    make_match(sponsor=sponsor, state=MatchState.APPROVED)

    page = soup(browser_of(app, sponsor.account).get("/home"))

    assert page.select_one("main .btn-primary")["href"] == f"/matches/{first.id}"
    assert "One more offer waits after this one." in page.get_text()


def test_z3_a_sponsor_reads_neither_tier_nor_points_nor_what_coordinators_keep(app: Flask) -> None:
    hidden = {"case_code": "CANARY-CASE", "pinned_tier": 1, "home_area": "CANARY-HOME"}
    with writing():
        prisoner = make_prisoner(facts=[Fact.SERIOUS_ILLNESS, Fact.SMALL_CHILDREN], **hidden)
        for fact in prisoner.facts:
            fact.source = "CANARY-SOURCE"
            fact.visibility = Visibility.SPONSORS if fact.fact is Fact.SMALL_CHILDREN else Visibility.COORDINATORS
        match = make_match(
            prisoner=prisoner, state=MatchState.APPROVED, tier=1, terms={"language": 30, "joint_case": 5}
        )

    client = browser_of(app, match.sponsor.account)
    answer = client.get(f"/matches/{match.id}")
    with writing():
        match.tier, match.terms = 4, {"language": 20, "joint_case": 4}
    with_other_numbers = client.get(f"/matches/{match.id}")

    page = soup(answer).main.get_text(" ", strip=True)
    assert "Small children or a large family" in page
    assert "You write a language that is passed on to them." in page
    assert [word for word in ("CANARY", "Seriously ill", "Tier", "tier") if word in page] == []
    assert soup(with_other_numbers).main.get_text(" ", strip=True) == page
    assert "CANARY" not in answer.text


def test_the_address_stands_there_once_the_offer_is_accepted(app: Flask) -> None:
    match = make_match(state=MatchState.APPROVED)
    client = browser_of(app, match.sponsor.account)
    path = f"/matches/{match.id}"
    before = client.get(path).text

    client.post(f"{path}/accept", data={"csrf_token": token_of(client, path)})

    after = client.get(path).text
    assert fresh(match).state is MatchState.ACTIVE
    assert (STREET in before, STREET in after) == (False, True)
    assert "РЕСПУБЛИКА БЕЛАРУСЬ / REPUBLIC OF BELARUS" in after


@pytest.mark.parametrize(
    ("route", "said"),
    [(MailRoute.CLOSED, "takes no mail to theirs at present"), (MailRoute.VIA_HUB, "letters go through our hub")],
)
def test_no_address_is_given_where_the_post_does_not_go_directly(app: Flask, route: MailRoute, said: str) -> None:
    with writing():
        add(PostRoute(from_country="CZ", to_country="BY", route=route))
        match = make_match(sponsor=make_sponsor(country="CZ"), state=MatchState.ACTIVE)

    page = _page(app, match.sponsor, f"/matches/{match.id}")

    assert said in page
    assert STREET not in page


def test_an_address_with_a_part_missing_is_not_given(app: Flask) -> None:
    match = make_match(prisoner=make_prisoner(facility=make_facility(postcode=None)), state=MatchState.ACTIVE)

    page = _page(app, match.sponsor, f"/matches/{match.id}")

    assert "We don't have the whole address yet" in page
    assert STREET not in page


@pytest.mark.parametrize("access", MailAccess)
def test_how_letters_fare_is_said_for_every_kind_of_mail_access(app: Flask, access: MailAccess) -> None:
    match = make_match(prisoner=make_prisoner(mail_access=access), state=MatchState.ACTIVE)

    page = soup(browser_of(app, match.sponsor.account).get(f"/matches/{match.id}"))

    first = page.select_one("section[aria-labelledby=letters] p").get_text(strip=True)
    assert len(first) > 40


def test_a_godparent_reads_of_speaking_up_and_not_of_envelopes(app: Flask) -> None:
    sponsor = make_sponsor(support_kind=SupportKind.GODPARENT)
    match = make_match(sponsor=sponsor, state=MatchState.ACTIVE, kind=SupportKind.GODPARENT)

    page = _page(app, sponsor, f"/matches/{match.id}")

    assert "Now and then a word in public for this one person" in page
    assert STREET not in page


def test_an_offer_that_no_longer_holds_is_not_accepted_and_the_reason_stays_hidden(app: Flask) -> None:
    match = make_match(state=MatchState.APPROVED)
    client = browser_of(app, match.sponsor.account)
    token = token_of(client, f"/matches/{match.id}")
    with writing():
        match.prisoner.detention_status = DetentionStatus.DIED_IN_CUSTODY

    answer = client.post(f"/matches/{match.id}/accept", data={"csrf_token": token})

    assert answer.status_code == 409
    assert "Something has changed since we made this offer" in soup(answer).get_text()
    assert "no longer held" not in answer.text
    assert fresh(match).state is MatchState.APPROVED


def test_asking_for_someone_else_keeps_the_reason_and_hides_the_person(app: Flask) -> None:
    match = make_match(state=MatchState.APPROVED)
    client = browser_of(app, match.sponsor.account)
    path = f"/matches/{match.id}/refuse"

    answer = client.post(path, data={"csrf_token": token_of(client, path), "reason": "too_much", "note": "a new job"})

    assert (answer.status_code, answer.location) == (302, "/home")
    assert (fresh(match).refusal_reason, match.refusal_note) == (RefusalReason.TOO_MUCH, "a new job")
    assert client.get(f"/matches/{match.id}").status_code == 404


@pytest.mark.parametrize("arrested", [None, PartialDate(2021), PartialDate(2021, 3)])
def test_without_a_whole_day_of_arrest_there_is_no_postmark(app: Flask, arrested: PartialDate | None) -> None:
    match = make_match(prisoner=make_prisoner(arrested_on=arrested), state=MatchState.ACTIVE)

    page = soup(browser_of(app, match.sponsor.account).get(f"/matches/{match.id}"))

    assert page.select_one(".postmark") is None


@pytest.mark.parametrize(
    ("changes", "days"),
    [
        ({"detention_status": DetentionStatus.RELEASED, "released_on": PartialDate(2020, 9, 17)}, 10),
        ({"detention_status": DetentionStatus.DIED_IN_CUSTODY, "died_on": PartialDate(2020, 9, 8)}, 1),
        ({"detention_status": DetentionStatus.RELEASED, "released_on": PartialDate(2021)}, None),
    ],
)
def test_days_held_end_with_the_release_or_the_death(app: Flask, changes: dict[str, Any], days: int | None) -> None:
    with app.test_request_context():
        assert days_held(make_prisoner(arrested_on=PartialDate(2020, 9, 7), **changes)) == days


def test_z4_an_offer_is_not_there_while_its_mail_is_held_back(app: Flask) -> None:
    match = make_match(state=MatchState.APPROVED)
    with transaction():
        outbox.enqueue(
            message=outbox.Message.OFFER,
            occasion="held",
            account_id=match.sponsor.account_id,
            match_id=match.id,
            due_at=now() + timedelta(minutes=1),
        )
    client = browser_of(app, match.sponsor.account)

    assert client.get(f"/matches/{match.id}").status_code == 404
    assert f"/matches/{match.id}" not in client.get("/home").get_data(as_text=True)
    with clock.at(now() + timedelta(minutes=2)):
        assert client.get(f"/matches/{match.id}").status_code == 200
