"""A run's reasons on the coordinator's pages: who would have been next, why not somebody, who is left alone."""

from datetime import date

import pytest
from bs4 import BeautifulSoup
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from app.database import session
from app.matching.explanation import Scarce
from app.matching.rules import SENTENCES
from app.models import AuditEvent, Match
from app.queries.exact import NoFigure
from app.queries.reasons import Loss
from app.vocabulary import DetentionStatus, MatchState, Publicity, SupportKind
from app.web.coordinator import reason_words
from tests.factories import (
    Rivals,
    fresh,
    make_coordinator,
    make_match,
    make_policy,
    make_prisoner,
    make_rivals,
    make_sponsor,
    make_stored_run,
    writing,
)
from tests.statements import statements
from tests.web.browsing import browser_of, soup, token_of

PROGRAMME = ("coordinator", "programme")
CANARY = "Kanarejka Schavanaja"
LONG_NAME = "Фантастычная-Прыкладная-Цвёрдавыдуманая Аляксандра Яўгенаўна"


def a_browser(app: Flask, *regions: str) -> FlaskClient:
    return browser_of(app, make_coordinator(roles=PROGRAMME, regions=regions or ["*"]))


def page_of_first(client: FlaskClient, rivals: Rivals, query: str = "") -> BeautifulSoup:
    match_id = session().scalars(select(Match.id).where(Match.sponsor_id == rivals.first.id)).one()
    return soup(client.get(f"/desk/proposals/{match_id}{query}"))


def pair_path(rivals: Rivals) -> str:
    return f"/desk/prisoners/{rivals.prisoner.id}/why-not/{rivals.second.id}"


def words_of(page: BeautifulSoup, selector: str = "main") -> str:
    found = page.select_one(selector)
    assert found is not None, f"no {selector} on the page"
    return " ".join(found.get_text(" ").split())


def section(page: BeautifulSoup, name: str) -> str:
    return words_of(page, f"section[aria-labelledby={name}]")


def test_a_row_names_who_would_have_been_next_in_one_sentence(app: Flask) -> None:
    make_rivals()
    make_stored_run()

    page = soup(a_browser(app).get("/desk/proposals"))

    assert words_of(page, ".proposal-note") == (
        "Write letters, in private. Next in the run: Ihar Druhi, at least 10 points worse for everyone together."
    )


def test_a_row_says_when_nobody_else_was_possible_and_nothing_where_no_run_knows(app: Flask) -> None:
    make_rivals(second={"held": True})
    make_stored_run()
    make_match(tier=5)

    notes = [note.get_text() for note in soup(a_browser(app).get("/desk/proposals")).select(".proposal-note")]

    assert notes[0] == "Write letters, in private. Nobody else was possible in the run."
    assert notes[1] == "Write letters, in private"


@pytest.mark.parametrize("path", ["/desk", "/desk/proposals", "proposal", "exact"])
def test_z5_a_runner_up_of_another_region_has_no_name_no_country_and_no_points(app: Flask, path: str) -> None:
    rivals = make_rivals(second={"country": "GE", "name": CANARY})
    make_stored_run()
    match_id = session().scalars(select(Match.id)).one()
    paths = {"proposal": f"/desk/proposals/{match_id}", "exact": f"/desk/proposals/{match_id}?exact=1"}
    client = browser_of(app, make_coordinator(regions=["DE"], caseload=[rivals.prisoner]))

    answer = client.get(paths.get(path, path))

    assert answer.status_code == 200
    assert "a sponsor of another region" in answer.text
    assert [word for word in (CANARY, "Kanarejka", "Georgia", rivals.second.id) if word in answer.text] == []
    assert not soup(answer).select("section[aria-labelledby=runner-up] table")


def test_the_points_of_both_stand_side_by_side(app: Flask) -> None:
    rivals = make_rivals()
    make_stored_run()

    page = page_of_first(a_browser(app), rivals)

    rows = [
        [cell.get_text(strip=True) for cell in line.select("th, td")]
        for line in page.select("section[aria-labelledby=runner-up] tbody tr")
    ]
    assert ["Language", "30", "20"] in rows
    assert rows[-1] == ["Fit in all", "79", "69"]
    assert "in the run they would have been at least 10 points worse for everyone together" in section(
        page, "runner-up"
    )
    assert "One more seat of this kind beside the prisoner" in section(page, "runner-up")


def test_under_another_policy_since_both_still_have_the_points_of_the_run(app: Flask) -> None:
    rivals = make_rivals()
    make_stored_run()
    make_policy(version=2, body={"fit": {"language_basic": 29}})

    page = page_of_first(a_browser(app), rivals)

    rows = [
        [cell.get_text(strip=True) for cell in line.select("th, td")]
        for line in page.select("section[aria-labelledby=runner-up] tbody tr")
    ]
    assert ["Language", "30", "20"] in rows
    assert rows[-1] == ["Fit in all", "79", "69"]
    assert "The policy has changed since that run." in section(page, "runner-up")


def test_a_runner_up_who_is_not_possible_any_more_says_which_rule_and_that_something_changed(app: Flask) -> None:
    rivals = make_rivals()
    make_stored_run()
    with writing():
        fresh(rivals.second).held = True

    said = section(page_of_first(a_browser(app), rivals), "runner-up")

    assert "A coordinator holds the prisoner or the sponsor back." in said
    assert "Since that run something has changed about the sponsor" in said
    assert "Fit in all" not in said


def test_a_proposal_whose_people_changed_says_so_beside_its_reasons(app: Flask) -> None:
    rivals = make_rivals()
    make_stored_run()
    client = a_browser(app)
    before = section(page_of_first(client, rivals), "why")
    with writing():
        fresh(rivals.prisoner).reads = ["be"]

    after = section(page_of_first(client, rivals), "why")

    assert "something has changed" not in before
    assert "Since that run something has changed about the prisoner." in after


def test_a_decided_proposal_has_no_runner_up_any_more(app: Flask) -> None:
    rivals = make_rivals()
    make_stored_run()
    client = a_browser(app)
    match_id = session().scalars(select(Match.id)).one()
    path = f"/desk/proposals/{match_id}"
    client.post(f"{path}/approve", data={"csrf_token": token_of(client, path), "version": 1})

    page = page_of_first(client, rivals, "?exact=1")

    assert not page.select("#runner-up")
    assert "Exactly" not in words_of(page)


def test_the_exact_figure_comes_on_demand_and_changes_nothing(app: Flask) -> None:
    rivals = make_rivals()
    make_stored_run()
    client = a_browser(app)
    trail = session().scalar(select(func.count()).select_from(AuditEvent))

    form = page_of_first(client, rivals).select_one("section[aria-labelledby=runner-up] form")
    assert form is not None
    asked = client.get(form["action"].partition("#")[0], query_string={"exact": "1"})

    assert form["method"] == "get"
    assert "Exactly 10 points worse for everyone together." in section(soup(asked), "runner-up")
    session().rollback()
    assert session().scalar(select(func.count()).select_from(AuditEvent)) == trail


def test_somebody_is_found_by_name_and_asked_about(app: Flask) -> None:
    rivals = make_rivals()
    make_stored_run()
    client = a_browser(app)
    form = soup(client.get(f"/desk/prisoners/{rivals.prisoner.id}")).select_one("form[action$=why-not]")
    assert form is not None

    found = soup(client.get(form["action"], query_string={"q": "друхі"}))
    link = found.select_one("tbody a")
    assert link is not None
    said = words_of(soup(client.get(link["href"])))

    assert link.get_text() == "Ihar Druhi"
    assert "No rule forbids it" in said
    assert "they would have been at least 10 points worse for everyone together" in said
    assert "One more seat of this kind beside the prisoner: then everyone together would gain by this pair." in said


def test_a_forbidden_pair_says_the_rule_and_what_would_change_it(app: Flask) -> None:
    rivals = make_rivals(second={"languages": {"pl": "fluent"}})
    make_stored_run()

    said = words_of(soup(a_browser(app).get(pair_path(rivals))))

    assert "The sponsor writes none of the languages that the facility passes" in said
    assert "Help with translation" in said
    assert "Work out" not in said


def test_what_protects_somebody_is_not_advised_away(app: Flask) -> None:
    rivals = make_rivals(second={"country": "BY"})

    said = words_of(soup(a_browser(app).get(pair_path(rivals))))

    assert "The sponsor lives in the country that holds the prisoner." in said
    assert "Nothing should" in said


def test_before_a_run_a_pair_says_that_there_was_none(app: Flask) -> None:
    said = words_of(soup(a_browser(app).get(pair_path(make_rivals()))))

    assert "The matching has not run for this kind of support yet." in said


def test_a_pair_that_changed_since_is_not_told_as_what_the_run_found(app: Flask) -> None:
    rivals = make_rivals()
    make_stored_run()
    with writing():
        fresh(rivals.second).capacity = 2

    said = words_of(soup(a_browser(app).get(pair_path(rivals))))

    assert "By the prices of the last run" in said
    assert "In the last run, of" not in said
    assert "Since that run something has changed about the sponsor" in said


def test_the_pair_of_the_plan_costs_nothing(app: Flask) -> None:
    rivals = make_rivals()
    make_stored_run()
    path = f"/desk/prisoners/{rivals.prisoner.id}/why-not/{rivals.first.id}"

    assert "proposed these two" in words_of(soup(a_browser(app).get(path)))


def test_a_pairs_exact_figure_is_asked_for_on_its_own_page(app: Flask) -> None:
    rivals = make_rivals()
    make_stored_run()

    said = section(soup(a_browser(app).get(f"{pair_path(rivals)}?exact=1")), "cost")

    assert "Exactly 10 points worse for everyone together." in said


def test_z5_nobody_of_another_region_is_found_or_asked_about(app: Flask) -> None:
    rivals = make_rivals(second={"country": "FR", "name": CANARY})
    make_stored_run()
    client = browser_of(app, make_coordinator(regions=["DE"], caseload=[rivals.prisoner]))

    found = client.get(f"/desk/prisoners/{rivals.prisoner.id}/why-not?q=a")
    by_name = client.get(f"/desk/prisoners/{rivals.prisoner.id}/why-not?q=kanarejka")

    assert "Zoja Pieršaja" in found.text
    assert CANARY not in found.text
    assert "Nobody of your regions is called that." in by_name.text
    assert client.get(pair_path(rivals)).status_code == 404
    assert client.get(f"{pair_path(rivals)}?exact=1").status_code == 404


def test_z5_a_prisoner_outside_the_caseload_cannot_be_asked_about(app: Flask) -> None:
    rivals = make_rivals()
    client = browser_of(app, make_coordinator(regions=["*"], caseload=[make_prisoner()]))

    assert client.get(f"/desk/prisoners/{rivals.prisoner.id}/why-not").status_code == 404
    assert client.get(f"{pair_path(rivals)}?exact=1").status_code == 404


def test_an_empty_search_lists_nobody(app: Flask) -> None:
    rivals = make_rivals()

    page = soup(a_browser(app).get(f"/desk/prisoners/{rivals.prisoner.id}/why-not?q=%20"))

    assert not page.select("table")
    assert not page.select(".empty")


def test_whom_the_run_left_alone_stands_there_by_tier_with_rules_and_what_would_change_them(app: Flask) -> None:
    make_prisoner(name_latin="Ihar Pozni", publicity=Publicity.COORDINATORS_ONLY)
    make_prisoner(name_latin="Zoja Piersa", facts=["serious_illness", "hunger_strike"], reads=["be"], facility=None)
    for country in ("DE", "FR", "FR"):
        make_sponsor(country=country)
    make_stored_run()

    page = soup(a_browser(app).get("/desk/alone?kind=letter_writer"))

    rows = [" ".join(line.get_text(" ").split()) for line in page.select("tbody tr")]
    assert [row.startswith(name) for row, name in zip(rows, ("Zoja Piersa", "Ihar Pozni"), strict=True)] == [True] * 2
    assert "no language that is passed on 3" in rows[0]
    assert "Help with translation" in rows[0]
    assert "the case is not public enough 3" in rows[1]
    assert "Record a basis" in rows[1]


def test_whoever_is_held_back_is_said_to_be_so_before_all_else(app: Flask) -> None:
    make_prisoner(held=True)
    make_sponsor(capacity=0)
    make_sponsor(capacity=0)
    make_sponsor()
    make_stored_run()

    said = words_of(soup(a_browser(app).get("/desk/alone?kind=letter_writer")), "tbody tr")

    assert "Held back by a coordinator" in said
    assert "no capacity left 2" in said
    assert "Lift the hold" in said


def test_whose_sponsors_are_needed_more_elsewhere_reads_that(app: Flask) -> None:
    make_prisoner(facts=["serious_illness", "hunger_strike"], name_latin="Zoja Piersa")
    make_prisoner(name_latin="Ihar Pozni")
    make_sponsor(capacity=1)
    make_stored_run()

    rows = soup(a_browser(app).get("/desk/alone?kind=letter_writer")).select("tbody tr")

    assert len(rows) == 1
    assert "Ihar Pozni" in rows[0].get_text()
    assert "1 sponsor would suit: needed by others even more." in " ".join(rows[0].get_text(" ").split())


def test_z5_a_coordinator_counts_the_sponsors_of_their_regions_and_sees_their_caseload(app: Flask) -> None:
    mine = make_prisoner(publicity=Publicity.COORDINATORS_ONLY)
    other = make_prisoner(publicity=Publicity.COORDINATORS_ONLY, name_latin=CANARY)
    for country in ("DE", "FR", "FR", "GE"):
        make_sponsor(country=country)
    make_stored_run()
    client = browser_of(app, make_coordinator(regions=["FR"], caseload=[mine]))

    page = client.get("/desk/alone?kind=letter_writer")

    rows = soup(page).select("tbody tr")
    assert len(rows) == 1
    assert "the case is not public enough 2" in " ".join(rows[0].get_text(" ").replace("\xa0", " ").split())
    assert CANARY not in page.text
    assert other.id not in page.text
    assert "the sponsors of your regions" in page.text
    assert "1 of your prisoners has nobody" in client.get("/desk").text


def test_each_number_of_those_left_alone_leads_to_a_list_that_holds_as_many(app: Flask) -> None:
    for _ in range(3):
        make_prisoner(held=True)
    for kind in SupportKind:
        make_stored_run(kind=kind)
    client = a_browser(app)

    desk = soup(client.get("/desk"))
    links = {link["href"]: link.get_text() for link in desk.select("a[href^='/desk/alone']")}
    shown = desk.select("section[aria-labelledby=matching] tbody a")

    assert len(links) == 2
    assert [link.get_text() for link in shown] == ["3", "3"]
    for address in links:
        assert len(soup(client.get(address)).select("tbody tr")) == 3


def test_whoever_only_runs_the_matching_gets_the_number_without_the_list(app: Flask) -> None:
    make_prisoner(held=True)
    make_stored_run()
    client = browser_of(app, make_coordinator(roles=["programme"]))

    assert "/desk/alone" not in client.get("/desk").text
    assert client.get("/desk/alone").status_code == 403


def test_what_became_of_them_since_is_marked_and_advises_nothing_that_is_past(app: Flask) -> None:
    people = {
        name: make_prisoner(name_latin=name, publicity=Publicity.COORDINATORS_ONLY)
        for name in ("Alena Adna", "Bahdan Dva", "Zoja Try", "Ihar Niama")
    }
    make_stored_run()
    make_match(prisoner=people["Alena Adna"], state=MatchState.ACTIVE)
    with writing():
        fresh(people["Bahdan Dva"]).detention_status = DetentionStatus.RELEASED
    with writing():
        fresh(people["Zoja Try"]).home_area = "Novaja"

    rows = soup(a_browser(app).get("/desk/alone?kind=letter_writer")).select("tbody tr")

    said = {row.th.a.get_text(): " ".join(row.get_text(" ").split()) for row in rows}
    assert "Has somebody now" in said["Alena Adna"]
    assert "No longer held" in said["Bahdan Dva"]
    assert "Something has changed" in said["Zoja Try"]
    assert not [word for word in ("somebody now", "No longer", "changed") if word in said["Ihar Niama"]]
    assert {name for name, words in said.items() if "Sponsors who offer this." in words} == {"Ihar Niama", "Zoja Try"}


def test_long_lists_are_paged_and_take_the_same_few_questions(app: Flask) -> None:
    client = a_browser(app)
    counted = []
    for more in (2, 60):
        for _ in range(more):
            make_prisoner(held=True, facility=None)
        make_stored_run()
        client.get("/desk/alone?kind=letter_writer")
        with statements() as sent:
            answer = client.get("/desk/alone?kind=letter_writer")
        counted.append(len([statement for statement in sent if statement.startswith("SELECT")]))

    assert len(soup(answer).select("tbody tr")) == 50
    assert len(soup(client.get("/desk/alone?kind=letter_writer&page=2")).select("tbody tr")) == 12
    assert counted[0] == counted[1] <= 20


def test_proposals_take_the_same_few_questions_with_their_runners_up(app: Flask) -> None:
    client = a_browser(app)
    counted = []
    for more in (1, 12):
        for _ in range(more):
            make_rivals()
        make_stored_run()
        client.get("/desk/proposals")
        with statements() as sent:
            answer = client.get("/desk/proposals")
        counted.append(len([statement for statement in sent if statement.startswith("SELECT")]))

    assert answer.text.count("Next in the run") >= 12
    assert counted[0] == counted[1]


def test_a_list_that_no_run_kept_says_so_and_one_that_is_empty_too(app: Flask) -> None:
    client = a_browser(app)
    before = words_of(soup(client.get("/desk/alone")))
    make_stored_run()
    after = words_of(soup(client.get("/desk/alone?kind=letter_writer")))

    assert "No list yet" in before
    assert "Nobody of this sort is left alone" in after


def test_the_list_can_be_narrowed_to_a_tier(app: Flask) -> None:
    make_prisoner(held=True, pinned_tier=0, name_latin="Zoja Piersa")
    make_prisoner(held=True, pinned_tier=4)
    make_stored_run()
    client = a_browser(app)

    rows = soup(client.get("/desk/alone?kind=letter_writer&tier=0")).select("tbody tr")

    assert [row.th.a.get_text() for row in rows] == ["Zoja Piersa"]
    assert len(soup(client.get("/desk/alone?kind=letter_writer&tier=nonsense")).select("tbody tr")) == 2
    assert client.get("/desk/alone?kind=nonsense&page=99").status_code == 200


def test_w2_names_stay_text_and_long_ones_stay_whole(app: Flask) -> None:
    rivals = make_rivals(second={"name": "<b>Ihar</b>"}, name_cyrillic=LONG_NAME)
    make_stored_run()

    page = page_of_first(a_browser(app), rivals)

    assert page.select_one("main b i, main p b b") is None
    assert "<b>Ihar</b>" in section(page, "runner-up")
    assert LONG_NAME in words_of(page)


def test_every_rule_has_its_words_and_no_word_is_for_a_rule_that_is_not() -> None:
    assert set(reason_words.RULE_LABELS) == set(SENTENCES)
    assert set(reason_words.WHAT_CHANGES) < set(SENTENCES)
    assert set(reason_words.SCARCE) == {what.value for what in Scarce}
    assert set(reason_words.NO_FIGURE) == set(NoFigure)


@pytest.mark.parametrize(
    ("loss", "least", "exact"),
    [
        (Loss(0, 0), "perhaps as good for everyone together", "No worse: everyone together would be as well off."),
        (Loss(0, 1), "at least 1 point worse for everyone together", "Exactly 1 point worse for everyone together."),
        (Loss(3, -10), "at the cost of first supporters", "(3 by weight"),
    ],
)
def test_a_loss_is_said_in_words(app: Flask, loss: Loss, least: str, exact: str) -> None:
    with app.test_request_context():
        assert least in reason_words.at_least(loss)
        assert exact in reason_words.exactly(loss)


def test_the_run_of_another_day_is_named_with_its_moment(app: Flask) -> None:
    rivals = make_rivals(second={"available_from": date(2026, 11, 20)})
    make_stored_run(day=date(2026, 11, 19))

    said = words_of(soup(a_browser(app).get(pair_path(rivals))))

    assert "they were not possible yet" in said


def test_more_of_a_name_than_a_page_shows_is_said(app: Flask) -> None:
    rivals = make_rivals()
    for number in range(12):
        make_sponsor(name=f"Druhi {number}")

    page = soup(a_browser(app).get(f"/desk/prisoners/{rivals.prisoner.id}/why-not?q=druhi"))

    assert len(page.select("tbody tr")) == 12
    assert "These are the first 12." in words_of(page)
