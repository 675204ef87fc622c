"""What coordinators read of the mails to a sponsor, and what they say of those in doubt."""

from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask, get_template_attribute
from flask.testing import FlaskClient

from app import clock
from app.clock import now
from app.mail.outbox import Message
from app.models import Match, OutgoingMail, Sponsor
from app.vocabulary import MatchState, OutgoingState
from tests.factories import fresh, make_coordinator, make_mail, make_match, make_prisoner, make_sponsor
from tests.web.browsing import browser_of, soup, token_of

TELLING = [Message.RELEASED, Message.CONDOLENCE, Message.MOVED, Message.IN_TRANSFER, Message.RETURNED]


def _log(client: FlaskClient, sponsor: Sponsor, query: str = "") -> list[list[str]]:
    """The cells of each row of a sponsor's mail log."""
    page = soup(client.get(f"/desk/sponsors/{sponsor.id}/mails{query}"))
    return [[" ".join(cell.get_text(" ").split()) for cell in row.select("th, td")] for row in page.select("tbody tr")]


def _match(**changes: object) -> Match:
    return make_match(prisoner=make_prisoner(name_latin="Ihar Adzinotny"), state=MatchState.ACTIVE, **changes)


def test_the_log_says_what_went_when_about_whom_and_why_not(app: Flask) -> None:
    match = _match()
    moment = datetime(2026, 11, 22, 9, 30, tzinfo=UTC)
    make_mail(match=match, message=Message.LETTER_DUE, state=OutgoingState.SENT, due_at=moment)
    make_mail(match=match, message=Message.OFFER, state=OutgoingState.SUPPRESSED, reason="held")
    make_mail(account_id=match.sponsor.account_id, state=OutgoingState.WAITING, attempts=3)
    client = browser_of(app, make_coordinator(caseload=[match.prisoner]))

    waiting, held, sent = _log(client, match.sponsor)

    assert sent[:5] == [
        "Reminder: a letter is due", "Ihar Adzinotny", "Sent", "22 Nov 2026, 09:30 UTC", "22 Nov 2026, 09:30 UTC",
    ]  # fmt: skip
    assert held[2] == "Held back A coordinator holds the prisoner or the sponsor back. Offer it again when that ends."
    assert waiting[2] == "Waits for another try The mail server said “not now” (451). It is tried again by itself."
    assert (waiting[1], waiting[4], waiting[5]) == ("", "", "3")


def test_z5_the_log_of_a_foreign_sponsor_is_not_there_and_looks_like_a_missing_one(app: Flask) -> None:
    foreign = make_sponsor(country="FR")
    client = browser_of(app, make_coordinator(regions=["DE"]))

    answers = [client.get(f"/desk/sponsors/{key}/mails") for key in (foreign.id, "nothere")]

    assert [answer.status_code for answer in answers] == [404, 404]
    assert answers[0].text.replace(foreign.id, "") == answers[1].text.replace("nothere", "")


@pytest.mark.parametrize("message", TELLING)
def test_z5_of_a_colleagues_prisoner_the_log_tells_neither_name_nor_what_happened(app: Flask, message: Message) -> None:
    match = _match()
    make_mail(match=match, message=message, state=OutgoingState.SENT)
    make_mail(match=match, message=Message.LETTER_DUE, state=OutgoingState.SUPPRESSED, reason="no_longer_held")
    client = browser_of(app, make_coordinator())

    said = str(_log(client, match.sponsor))

    assert "Something about a person whom a colleague looks after" in said
    assert "It no longer held for the person whom a colleague looks after." in said
    assert [word for word in ("Adzinotny", "release", "condolence", "transfer", "longer held. ") if word in said] == []


def test_of_a_colleagues_prisoner_what_the_sponsor_did_is_told(app: Flask) -> None:
    match = _match()
    make_mail(match=match, message=Message.LETTER_DUE, state=OutgoingState.SUPPRESSED, reason="sponsor_paused")
    make_mail(match=match, message=Message.CONDOLENCE, state=OutgoingState.FAILED)
    client = browser_of(app, make_coordinator())

    said = str(_log(client, match.sponsor))

    assert "They take a pause." in said
    assert "nobody has this address" in said


def test_a_long_log_comes_in_pages_and_by_state(app: Flask) -> None:
    sponsor = make_sponsor()
    for number in range(53):
        make_mail(account_id=sponsor.account_id, due_at=now() - timedelta(minutes=number))
    make_mail(account_id=sponsor.account_id, state=OutgoingState.FAILED)
    make_mail(message=Message.CONFIRM_ADDRESS)
    client = browser_of(app, make_coordinator())

    assert [len(_log(client, sponsor, query)) for query in ("", "?page=2", "?page=99")] == [50, 4, 4]
    assert [row[2].split()[0] for row in _log(client, sponsor, "?state=failed")] == ["Failed"]
    assert "No mail is in this state" in client.get(f"/desk/sponsors/{sponsor.id}/mails?state=sending").text
    links = soup(client.get(f"/desk/sponsors/{sponsor.id}/mails?state=queued")).select(".pages a")
    assert all("state=queued" in link["href"] for link in links)


def test_the_sponsors_page_leads_to_the_whole_log_once_there_is_more(app: Flask) -> None:
    sponsor = make_sponsor()
    client = browser_of(app, make_coordinator())
    path, log = f"/desk/sponsors/{sponsor.id}", f"/desk/sponsors/{sponsor.id}/mails"

    for _ in range(12):
        make_mail(account_id=sponsor.account_id)
    assert log not in client.get(path).text
    make_mail(account_id=sponsor.account_id)
    assert soup(client.get(path)).select_one(f'a[href="{log}"]').get_text() == "All 13 mails to them"


def test_m7_neither_log_nor_desk_shows_an_address_that_the_page_did_not_show_before(app: Flask) -> None:
    sponsor = make_sponsor()
    make_mail(account_id=sponsor.account_id, state=OutgoingState.IN_DOUBT)
    client = browser_of(app, make_coordinator())

    for path in (f"/desk/sponsors/{sponsor.id}/mails", "/desk/mails", "/desk"):
        assert sponsor.account.email not in client.get(path).text


def test_sponsors_read_what_was_mailed_to_them_by_kind_and_their_own_day(app: Flask) -> None:
    sponsor = make_sponsor()
    late = datetime(2026, 11, 22, 23, 30, tzinfo=UTC)
    with clock.at(late + timedelta(days=2)):
        make_mail(account_id=sponsor.account_id, message=Message.CONDOLENCE, state=OutgoingState.SENT, due_at=late)
        make_mail(account_id=sponsor.account_id, message=Message.OFFER, state=OutgoingState.SUPPRESSED)
        make_mail(account_id=sponsor.account_id, message=Message.OFFER, state=OutgoingState.QUEUED)
        make_mail(message=Message.OFFER, state=OutgoingState.SENT)
        page = soup(browser_of(app, sponsor.account).get("/home/settings"))

    rows = [row.get_text(" ", strip=True) for row in page.select("section[aria-labelledby=mailed] li")]
    assert rows == ["23 Nov 2026 News"]


def test_every_mail_has_a_name_for_its_recipient_that_tells_no_more_than_its_subject(app: Flask) -> None:
    with app.test_request_context():
        name_of = get_template_attribute("sponsor/mailed.html", "kind")
        names = {message: name_of(message).strip() for message in Message}

    assert [message for message, name in names.items() if name == "A message"] == []
    assert {names[message] for message in TELLING} == {"News"}


def _doubted() -> OutgoingMail:
    due = now() - timedelta(hours=1)
    return make_mail(account_id=make_sponsor(country="FR").account_id, state=OutgoingState.IN_DOUBT, due_at=due)


def _say(client: FlaskClient, mail: OutgoingMail, finding: str, *, seen: str) -> tuple[int, str]:
    posted = {"csrf_token": token_of(client, "/desk"), "finding": finding, "seen": seen}
    answer = client.post(f"/desk/mails/{mail.id}", data=posted)
    return answer.status_code, soup(answer).get_text(" ", strip=True)


def test_the_desk_of_mails_in_doubt_says_what_the_two_answers_mean_and_takes_them(app: Flask) -> None:
    went, again = _doubted(), _doubted()
    client = browser_of(app, make_coordinator(regions=["FR"]))
    page = soup(client.get("/desk/mails"))
    assert [term.get_text() for term in page.select(".meaning dt")] == ["It went", "Send again"]

    for mail, finding in ((went, "sent"), (again, "requeue")):
        form = page.select_one(f'form[action="/desk/mails/{mail.id}"]')
        fields = {field["name"]: field["value"] for field in form.select("input")}
        assert client.post(form["action"], data=fields | {"finding": finding}).status_code == 302

    assert (fresh(went).state, fresh(again).state) == (OutgoingState.SENT, OutgoingState.QUEUED)
    assert "No mail is in doubt" in client.get("/desk/mails").text


def test_c4_whoever_comes_second_reads_both_what_they_said_and_what_was_said_before(app: Flask) -> None:
    mail = _doubted()
    seen = mail.due_at.isoformat()
    first, second = browser_of(app, make_coordinator(email="anna@example.org")), browser_of(app, make_coordinator())
    _say(first, mail, "sent", seen=seen)

    status, page = _say(second, mail, "requeue", seen=seen)

    assert status == 409
    assert "You said Send again" in page
    assert "Somebody said before you It went, " in page
    assert "anna@example.org" in page
    assert "How it stands now Sent" in page
    assert fresh(mail).state is OutgoingState.SENT


def test_c4_a_mail_that_is_in_doubt_once_more_can_be_settled_from_the_page_of_the_conflict(app: Flask) -> None:
    mail = _doubted()
    client = browser_of(app, make_coordinator())

    status, page = _say(client, mail, "sent", seen=(mail.due_at - timedelta(days=1)).isoformat())

    assert status == 409
    assert "in doubt once more" in page
    assert fresh(mail).state is OutgoingState.IN_DOUBT


@pytest.mark.parametrize(
    ("finding", "seen"), [("burn", None), ("", None), ("sent", ""), ("sent", "yesterday"), ("sent", "2026-11-22")]
)
def test_an_answer_that_no_button_gives_changes_nothing(app: Flask, finding: str, seen: str | None) -> None:
    mail = _doubted()
    client = browser_of(app, make_coordinator())

    status, _page = _say(client, mail, finding, seen=mail.due_at.isoformat() if seen is None else seen)

    assert status == 400
    assert fresh(mail).state is OutgoingState.IN_DOUBT


def test_w1_settling_needs_the_forms_token(app: Flask) -> None:
    mail = _doubted()
    client = browser_of(app, make_coordinator())

    answer = client.post(f"/desk/mails/{mail.id}", data={"finding": "sent", "seen": mail.due_at.isoformat()})

    assert answer.status_code == 400
    assert fresh(mail).state is OutgoingState.IN_DOUBT
