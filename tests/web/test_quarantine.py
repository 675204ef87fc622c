"""Quarantined rows in the browser: the number on the desk, the rows beside whom they may be, the decisions."""

from collections.abc import Iterator
from datetime import date

import pytest
from bs4 import BeautifulSoup, Tag
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import delete, select
from werkzeug.test import TestResponse

from app.database import session
from app.models import Account, Prisoner, QuarantinedRow
from app.partial_date import PartialDate
from app.queries.quarantine import Likeness
from app.vocabulary import LeaveOutReason, MatchState, Publicity, QuarantineState
from app.web.coordinator.import_words import LIKENESS_LABELS
from app.web.labels import label
from tests.database.importing.lists import as_csv, import_rows, row
from tests.database.importing.waiting import counted, waiting
from tests.factories import fresh, make_coordinator, make_match, make_prisoner, make_quarantined_row, writing
from tests.web.browsing import browser_of, soup, token_of
from tests.web.uploading import press, uploaded

PAGE = "/desk/quarantine"
TWO = (row(1), row(2, url=row(1)["url"]))


@pytest.fixture
def decider(app: Flask) -> Account:
    return make_coordinator(roles=["coordinator", "programme"])


@pytest.fixture
def client(app: Flask, decider: Account) -> FlaskClient:
    return browser_of(app, decider)


def group_path() -> str:
    return f"{PAGE}/{waiting()[0].group_id}"


def form_of(page: BeautifulSoup, one: QuarantinedRow) -> Tag:
    found = page.select_one(f"#row-{one.id} form")
    assert found is not None
    return found


def fields_of(form: Tag) -> dict[str, str]:
    return {field["name"]: field["value"] for field in form.select("input[type=hidden]")}


def choices_of(form: Tag) -> dict[str, str]:
    """What can be chosen: its words, and the value that is sent."""
    labels = {label["for"]: label.get_text(strip=True) for label in form.select("label")}
    return {labels[radio["id"]]: radio["value"] for radio in form.select("input[type=radio]")}


def decide(client: FlaskClient, one: QuarantinedRow, decision: str, **said: str) -> TestResponse:
    """Press the button under a waiting row; `decision` is the beginning of the words of a choice."""
    form = form_of(soup(client.get(f"{PAGE}/{one.group_id}")), one)
    value = next(value for words, value in choices_of(form).items() if words.startswith(decision))
    return client.post(form["action"], data=fields_of(form) | {"decision": value} | said)


def test_an_import_leads_by_the_desk_to_the_rows_it_kept(client: FlaskClient) -> None:
    press(client, uploaded(client, as_csv([*TWO, row(3)])), "apply")

    tile = soup(client.get("/desk")).select_one(f".tile[href='{PAGE}']")
    assert tile.b.get_text(strip=True) == "2"
    listed = soup(client.get(PAGE))
    assert [tr.th.get_text(strip=True) for tr in listed.select("tbody tr")] == ["Vydumka-1 Alena", "Vydumka-2 Alena"]
    links = {link["href"].partition("#")[0] for link in listed.select("tbody a")}
    assert links == {group_path()}
    page = soup(client.get(links.pop()))
    assert len(page.select("h1")) == 1
    ids = [tag["id"] for tag in page.select("[id]")]
    assert len(ids) == len(set(ids))


def test_a_list_of_nothing_but_clashes_can_be_applied(client: FlaskClient) -> None:
    path = uploaded(client, as_csv(TWO))

    assert press(client, path, "apply").status_code == 302
    assert len(waiting()) == 2


def test_whoever_only_runs_the_programme_finds_the_number_too(app: Flask) -> None:
    make_quarantined_row()
    client = browser_of(app, make_coordinator(roles=["programme"]))

    assert [tile["href"] for tile in soup(client.get("/desk")).select(".tile")] == [PAGE]
    assert client.get(PAGE).status_code == 200


def test_z5_whoever_may_not_import_sees_neither_number_nor_rows(app: Flask) -> None:
    one = make_quarantined_row()
    client = browser_of(app, make_coordinator())

    assert PAGE not in client.get("/desk").text
    assert [client.get(path).status_code for path in (PAGE, f"{PAGE}/{one.group_id}")] == [403, 403]


def test_the_rows_stand_beside_one_another_and_beside_whom_they_may_be(client: FlaskClient) -> None:
    held = make_prisoner(name="Vydumka-1 Alena", name_latin="Vydumka-1 Alena", name_cyrillic=None, sentence="2 years")
    import_rows(*TWO)

    page = soup(client.get(group_path()))

    cells = {
        tr.th.get_text(strip=True): [td.get_text(" ", strip=True) for td in tr.select("td")]
        for tr in page.select("section[aria-labelledby=rows] tbody tr")
    }
    assert cells["Name"] == ["Vydumka-1 Alena", "Vydumka-2 Alena"]
    assert cells["Sentence"] == ["4 1/2 years", "4 1/2 years (the same)"]
    first = page.select_one(f"#row-{waiting()[0].id}")
    beside = {
        tr.th.get_text(strip=True): [td.get_text(" ", strip=True) for td in tr.select("td")]
        for tr in first.select("tbody tr")
    }
    assert beside["Sentence"] == ["4 1/2 years", "2 years"]
    assert beside["Date of birth"] == ["31 January 1980", "31 January 1980 (the same)"]
    assert f"/desk/prisoners/{held.id}" in [link["href"] for link in first.select("a")]
    assert "Same name and date of birth" in first.get_text()
    assert list(choices_of(form_of(page, waiting()[0]))) == [
        "The same person as Vydumka-1 Alena, born 31 January 1980",
        "Somebody new",
        "Nobody's: leave it out",
    ]
    assert list(choices_of(form_of(page, waiting()[1]))) == ["Somebody new", "Nobody's: leave it out"]


def test_each_decision_does_what_it_says_and_the_rows_are_gone_from_the_desk(client: FlaskClient) -> None:
    held = make_prisoner(name="Vydumka-1 Alena", story=None)
    import_rows(*TWO, row(3, id="2"))
    first, second, third = waiting()

    assert decide(client, first, "The same person").location == f"{PAGE}/{first.group_id}"
    assert decide(client, second, "Somebody new").location == f"{PAGE}/{first.group_id}"
    last = decide(client, third, "Nobody", reason="said_twice")

    assert last.location == PAGE
    assert fresh(held).story == "Teacher"
    states = [QuarantineState.SAME_PERSON, QuarantineState.NEW_PERSON, QuarantineState.LEFT_OUT]
    assert [fresh(one).state for one in (first, second, third)] == states
    page = soup(client.get(PAGE))
    assert "remembered" in page.select_one(".flash").get_text()
    decided = [tr.get_text(" ", strip=True) for tr in page.select("section[aria-labelledby=decided] tbody tr")]
    assert ["The list names this person twice" in text for text in decided] == [True, False, False]
    tile = soup(client.get("/desk")).select_one(f".tile[href='{PAGE}']")
    assert tile.b.get_text(strip=True) == "0"
    assert counted(Prisoner) == 2


def test_a_release_is_announced_before_it_is_decided(client: FlaskClient) -> None:
    held = make_prisoner(name="Vydumka-1 Alena")
    make_match(prisoner=held, state=MatchState.ACTIVE)
    import_rows(*(one | {"status": "former", "release_date": "2026-10-10"} for one in TWO))
    one = waiting()[0]

    form = form_of(soup(client.get(group_path())), one)

    hint = form.select_one(".form-check .form-text").get_text()
    assert "How they are held, Released on" in hint
    assert "One match ends." in hint
    assert "One sponsor is told by mail." in hint
    assert "Somebody new" not in choices_of(form)


def test_the_publicity_that_the_import_gave_is_said(client: FlaskClient) -> None:
    given = {"publicity": Publicity.PUBLIC, "publicity_basis": "family_consented"}
    one = make_quarantined_row(publicity_by=make_coordinator().id, **given)

    page = soup(client.get(f"{PAGE}/{one.group_id}"))

    assert "Who may know: Public (The family consented)." in page.get_text()


def test_somebody_else_is_found_by_name_and_can_be_chosen(client: FlaskClient) -> None:
    other = make_prisoner(name_latin="Ihar Adzinotny", story=None)
    import_rows(*TWO)
    one = waiting()[0]

    form = form_of(soup(client.get(f"{group_path()}?q=adzinotny")), one)
    chosen = choices_of(form)["The same person as Ihar Adzinotny, born 31 January 1980"]
    answer = client.post(form["action"], data=fields_of(form) | {"decision": chosen})

    assert answer.status_code == 302
    assert fresh(other).story == "Teacher"
    assert "Nobody we hold" in soup(client.get(f"{group_path()}?q=qu")).get_text()


@pytest.mark.parametrize(
    ("said", "complaint"),
    [
        ({}, "Choose one."),
        ({"decision": "leave_out"}, "Say below why you leave it out."),
        ({"decision": "somebody"}, "Choose one."),
        ({"decision": "aaaaaaaaaaaaaaaa:x"}, "Choose one."),
        ({"decision": "leave_out", "reason": "because"}, "Not a valid choice"),
    ],
)
def test_a_decision_that_says_too_little_is_asked_for_again(
    client: FlaskClient, said: dict[str, str], complaint: str
) -> None:
    import_rows(*TWO)
    one = waiting()[1]
    form = form_of(soup(client.get(group_path())), one)

    answer = client.post(form["action"], data=fields_of(form) | said)

    assert answer.status_code == 422
    page = soup(answer)
    assert complaint in page.select_one(".error-summary").get_text()
    link = page.select_one(".error-summary a")["href"]
    assert one.id in link
    assert page.select_one(link) is not None
    assert len(waiting()) == 2


def test_c1_the_second_of_two_coordinators_meets_a_conflict(app: Flask, client: FlaskClient) -> None:
    import_rows(*TWO)
    one = waiting()[0]
    other = browser_of(app, make_coordinator(roles=["programme"]))
    form = form_of(soup(other.get(group_path())), one)
    late = fields_of(form) | {"decision": "new"}

    assert decide(client, one, "Somebody new").status_code == 302
    answer = other.post(form["action"], data=late)

    assert answer.status_code == 409
    assert "decided about this row already" in soup(answer).get_text()
    assert counted(Prisoner) == 1


def test_a_prisoner_who_went_meanwhile_is_refused_clearly(client: FlaskClient) -> None:
    make_prisoner(name="Vydumka-1 Alena")
    import_rows(*TWO)
    form = form_of(soup(client.get(group_path())), waiting()[0])
    chosen = next(value for words, value in choices_of(form).items() if words.startswith("The same person"))
    with writing():
        session().execute(delete(Prisoner))

    answer = client.post(form["action"], data=fields_of(form) | {"decision": chosen})

    assert answer.status_code == 409
    assert "no longer in the records" in soup(answer).get_text()
    assert len(waiting()) == 2


def test_c4_a_decision_on_what_has_changed_is_a_conflict(client: FlaskClient) -> None:
    held = make_prisoner(name="Vydumka-1 Alena")
    import_rows(*TWO)
    form = form_of(soup(client.get(group_path())), waiting()[0])
    with writing():
        fresh(held)
    with writing():
        session().get_one(Prisoner, held.id).sentence = "8 years"

    value = next(value for words, value in choices_of(form).items() if words.startswith("The same person"))
    answer = client.post(form["action"], data=fields_of(form) | {"decision": value})

    assert answer.status_code == 409
    assert len(waiting()) == 2


def test_w1_nothing_is_decided_or_forgotten_without_the_forms_token(client: FlaskClient) -> None:
    one = make_quarantined_row()
    done = make_quarantined_row(state=QuarantineState.LEFT_OUT, reason=LeaveOutReason.MISTAKE)

    answers = [
        client.post(f"{PAGE}/rows/{one.id}/decide", data={"decision": "new", "version": "1", "seen": "x"}),
        client.post(f"{PAGE}/rows/{done.id}/forget"),
    ]

    assert [answer.status_code for answer in answers] == [400, 400]
    assert (fresh(one).state, fresh(done).state) == (QuarantineState.WAITING, QuarantineState.LEFT_OUT)


def test_w2_what_a_row_says_stays_text(client: FlaskClient) -> None:
    markup = "<script>alert(1)</script>{{7*7}}"
    one = make_quarantined_row(says={"name": markup, "name_latin": None, "description": markup, "sentence": markup})

    for path in (PAGE, f"{PAGE}/{one.group_id}"):
        answer = client.get(path)
        assert "<script>alert" not in answer.text
        assert markup in soup(answer).main.get_text()


def test_f4_a_title_and_a_message_name_nobody(client: FlaskClient) -> None:
    import_rows(*TWO)
    one = waiting()[0]

    titles = [soup(client.get(path)).title.get_text() for path in (PAGE, group_path())]
    decide(client, one, "Somebody new")

    assert [title for title in titles if "Vydumka" in title] == []
    assert "Vydumka" not in soup(client.get(PAGE)).select_one(".flash").get_text()


def test_a_decision_can_be_forgotten(client: FlaskClient) -> None:
    done = make_quarantined_row(state=QuarantineState.LEFT_OUT, reason=LeaveOutReason.MISTAKE)

    answer = client.post(f"{PAGE}/rows/{done.id}/forget", data={"csrf_token": token_of(client, PAGE)})

    assert answer.location == PAGE
    assert counted(QuarantinedRow) == 0


def test_a_clash_or_row_that_is_not_there_is_not_found(client: FlaskClient) -> None:
    token = token_of(client, "/desk/imports")

    assert client.get(f"{PAGE}/aaaaaaaaaaaaaaaa").status_code == 404
    for act in ("decide", "forget"):
        answer = client.post(f"{PAGE}/rows/aaaaaaaaaaaaaaaa/{act}", data={"csrf_token": token})
        assert answer.status_code == 404


def test_a_clash_that_is_decided_shows_what_was_decided(client: FlaskClient) -> None:
    held = make_prisoner(name_latin="Ihar Adzinotny")
    done = make_quarantined_row(state=QuarantineState.SAME_PERSON, prisoner_id=held.id)
    gone = make_quarantined_row(state=QuarantineState.NEW_PERSON, group_id=done.group_id)

    page = soup(client.get(f"{PAGE}/{done.group_id}"))

    assert "No row of this clash waits" in page.get_text()
    assert "The same person, Ihar Adzinotny" in page.select_one("section[aria-labelledby=decided]").get_text()
    assert gone.prisoner_id is None
    assert "no longer in the records" in soup(client.get(PAGE)).get_text()


def test_many_rows_and_people_stand_in_several_tables(client: FlaskClient) -> None:
    for _ in range(5):
        make_prisoner(name="Same Name", name_latin="Same Name", name_cyrillic=None, birth_date=PartialDate(1980, 1, 31))
    import_rows(*(row(number, url=row(1)["url"], name="Same Name") for number in range(1, 7)))

    page = soup(client.get(group_path()))

    tables = page.select("section[aria-labelledby=rows] table")
    assert [len(table.select("thead th")) for table in tables] == [5, 3]
    assert [len(table.select("thead th")) for table in page.select(f"#row-{waiting()[0].id} table")] == [5, 4]


def test_the_preview_says_which_rows_were_decided(client: FlaskClient) -> None:
    press(client, uploaded(client, as_csv(TWO)), "apply")
    decide(client, waiting()[0], "Nobody", reason="mistake")

    path = uploaded(client, as_csv(TWO))

    cells = [tr.get_text(" ", strip=True) for tr in soup(client.get(f"{path}?show=quarantined")).select("tbody tr")]
    assert ["(decided)" in text for text in cells] == [True, False]
    assert "1 of these rows waits" in soup(client.get(f"{path}?show=quarantined")).get_text()


def words_of(kind: type) -> Iterator[str]:
    yield from (str(label(word)) for word in kind)


def test_every_word_of_a_decision_has_a_label() -> None:
    assert set(LIKENESS_LABELS) == set(Likeness)
    assert "said_twice" not in set(words_of(LeaveOutReason))
    assert "same_person" not in set(words_of(QuarantineState))


def test_the_day_that_a_list_stands_for_is_said(client: FlaskClient) -> None:
    one = make_quarantined_row(as_of=date(2026, 10, 5), source="viasna")

    assert "viasna, as of 5 October 2026." in soup(client.get(f"{PAGE}/{one.group_id}")).get_text()
    assert session().scalars(select(QuarantinedRow.id)).all() == [one.id]
