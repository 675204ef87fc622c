"""Pages behind the links in reminders: fetching changes nothing, the button acts, and nobody is named (M6, M10, W1)."""

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from app.clock import now, today
from app.database import session
from app.extensions import csrf
from app.mail.outbox import Message
from app.models import Account, AuditEvent, Letter, Match, OutgoingMail, Reminder, Sponsor
from app.queries import mailed_links
from app.reminder_words import ReminderAnswer, ReminderKind
from app.vocabulary import MatchState, OutgoingState
from tests.factories import fresh, make_account, make_match, make_prisoner, make_sponsor, writing
from tests.factories.writing import add
from tests.web.browsing import soup, token_of

ONE_CLICK = {"List-Unsubscribe": "One-Click"}
CANARY = "Canary"


@pytest.fixture
def match(app: Flask) -> Match:
    """An active match of two people whose names are canaries."""
    sponsor = make_sponsor(name=f"Sponsor{CANARY}", account=make_account(time_zone="UTC"))
    return make_match(prisoner=make_prisoner(name=f"Prisoner{CANARY}"), sponsor=sponsor, state=MatchState.ACTIVE)


def reminder(match: Match) -> str:
    """The path of the answers to a mail that has just been sent: a letter is due, and a year has gone by."""
    with writing():
        mail = OutgoingMail(
            message=Message.SEVERAL_REMINDERS,
            occasion=f"reminders:{match.sponsor.account_id}:{today()}",
            account_id=match.sponsor.account_id,
            match_id=match.id,
            state=OutgoingState.SENT,
            created_at=now(),
            due_at=now(),
            sent_at=now(),
        )
        mail = add(mail)
        for kind, about in ((ReminderKind.LETTER_DUE, match.id), (ReminderKind.RE_CONSENT, match.sponsor_id)):
            add(Reminder(occasion=f"{kind}:{about}:{today()}", kind=kind, mail_id=mail.id, match_id=match.id))
    return f"/reminders/{mailed_links.answer_token(mail)}"


def ending(match: Match, kind: ReminderKind = ReminderKind.LETTER_DUE) -> str:
    return f"/unsubscribe/{mailed_links.unsubscribe_token(match.sponsor.account_id, kind)}"


def untouched(match: Match) -> bool:
    sponsor = fresh(match.sponsor)
    return sponsor.version == 1 and not session().scalars(select(Letter)).all() and not audited()


def audited() -> list[str]:
    return [event.action for event in session().scalars(select(AuditEvent).order_by(AuditEvent.number))]


def press(client: FlaskClient, path: str, **data: str) -> object:
    return client.post(path, data={"csrf_token": token_of(client, path), **data})


@pytest.mark.parametrize("said", ReminderAnswer)
def test_m10_fetching_an_answer_shows_a_button_and_changes_nothing(
    client: FlaskClient, match: Match, said: ReminderAnswer
) -> None:
    path = f"{reminder(match)}/{said}"

    for method in ("GET", "HEAD", "GET"):
        assert client.open(path, method=method).status_code == 200

    assert len(soup(client.get(path)).select("main form button")) == 1
    assert untouched(match)
    assert len(session().scalars(select(OutgoingMail)).all()) == 1


@pytest.mark.parametrize("said", ReminderAnswer)
def test_m10_pressing_the_button_acts_once_without_a_log_in(
    client: FlaskClient, match: Match, said: ReminderAnswer
) -> None:
    path = f"{reminder(match)}/{said}"
    token = token_of(client, path)

    first, second = (client.post(path, data={"csrf_token": token}) for _ in range(2))

    assert (first.status_code, second.status_code) == (200, 404)
    pauses = fresh(match.sponsor).takes_pause(today())
    letters, mails = session().scalars(select(Letter)).all(), session().scalars(select(OutgoingMail)).all()
    done = {
        ReminderAnswer.SENT: len(letters) == 1,
        ReminderAnswer.LATER: len(mails) == 2,
        ReminderAnswer.PAUSE: pauses,
        ReminderAnswer.GO_ON: match.sponsor.consented_on == today(),
    }
    assert [answer for answer, is_done in done.items() if is_done] == [said]
    assert client.get(path).status_code == 404


@pytest.mark.parametrize("said", ReminderAnswer)
@pytest.mark.parametrize("token", [None, "forged"])
def test_w1_an_answer_without_our_token_changes_nothing(
    client: FlaskClient, match: Match, said: ReminderAnswer, token: str | None
) -> None:
    answer = client.post(f"{reminder(match)}/{said}", data={"csrf_token": token} if token else ONE_CLICK)

    assert answer.status_code == 400
    assert untouched(match)


def test_m10_no_page_names_anybody_or_leads_to_them(client: FlaskClient, match: Match) -> None:
    answers = reminder(match)
    shown = [client.get(f"{answers}/{said}") for said in ReminderAnswer] + [client.get(ending(match))]
    shown += [press(client, f"{answers}/{said}") for said in ReminderAnswer] + [client.post(ending(match))]

    for page in shown:
        assert page.status_code == 200
        assert CANARY not in page.text
        assert match.id not in page.text
        assert match.sponsor.account.email not in page.text
        assert page.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize("path", ["/reminders/{token}/received", "/reminders/aaaa/sent", "/reminders/{token}x/sent"])
def test_m10_what_is_no_link_of_ours_is_not_there(client: FlaskClient, match: Match, path: str) -> None:
    path = path.format(token=reminder(match).rpartition("/")[2])

    assert client.get(path).status_code == 404
    assert client.post(path, data={"csrf_token": token_of(client, "/login")}).status_code == 404


def test_m6_fetching_the_page_to_unsubscribe_changes_nothing(client: FlaskClient, match: Match) -> None:
    for method in ("GET", "HEAD", "GET"):
        assert client.open(ending(match), method=method).status_code == 200

    assert untouched(match)


def test_m6_one_click_needs_no_cookie_no_log_in_and_no_token_and_is_answered_at_once(
    client: FlaskClient, match: Match
) -> None:
    for _ in range(2):
        answer = client.post(ending(match), data=ONE_CLICK)
        assert (answer.status_code, answer.location) == (200, None)

    assert (fresh(match.sponsor).reminders_off, match.sponsor.no_reminders) == (["letter_due"], False)
    assert audited() == ["unsubscribe"]


def test_m6_a_mail_program_may_send_the_click_as_a_form_with_parts(client: FlaskClient, match: Match) -> None:
    answer = client.post(ending(match), data=ONE_CLICK, content_type="multipart/form-data")

    assert answer.status_code == 200
    assert fresh(match.sponsor).reminders_off == ["letter_due"]


def test_m6_the_page_then_offers_to_end_all_reminders(client: FlaskClient, match: Match) -> None:
    path = ending(match)
    done = soup(press(client, path))
    button = done.select_one("main form button")
    assert button["name"] == "all"

    answer = press(client, path, all=button["value"])

    assert "No reminder of any kind" in answer.text
    assert fresh(match.sponsor).no_reminders


@pytest.mark.parametrize("gone", ["disabled", "no sponsor", "no account"])
def test_m6_it_works_for_whoever_is_gone(client: FlaskClient, match: Match, gone: str) -> None:
    path = ending(match)
    with writing():
        account_id = match.sponsor.account_id
        if gone == "disabled":
            match.sponsor.account.disabled_at = now()
        else:
            session().delete(match)
            session().flush()
            session().delete(session().get_one(Sponsor, match.sponsor_id))
            session().flush()
        if gone == "no account":
            session().delete(session().get_one(Account, account_id))

    assert client.get(path).status_code == 200
    assert client.post(path, data=ONE_CLICK).status_code == 200
    assert client.post(path, data={"all": "1"}).status_code == 200


def test_m6_a_link_of_several_kinds_ends_them_though_its_mail_was_deleted_long_ago(
    client: FlaskClient, match: Match
) -> None:
    kinds = {ReminderKind.LETTER_DUE, ReminderKind.HOLIDAY_AHEAD, ReminderKind.RE_CONSENT}
    path = f"/unsubscribe/{mailed_links.unsubscribe_token(match.sponsor.account_id, *kinds)}"

    assert client.get(path).status_code == 200
    assert client.post(path, data=ONE_CLICK).status_code == 200

    assert kinds <= set(fresh(match.sponsor).reminders_off)


@pytest.mark.parametrize("path", ["/unsubscribe/x", "/unsubscribe/" + "a" * 59, "/unsubscribe/%F0%9F%92%8C"])
def test_m6_a_token_that_we_did_not_make_ends_nothing(client: FlaskClient, match: Match, path: str) -> None:
    assert client.get(path).status_code == 404
    assert client.post(path, data=ONE_CLICK).status_code == 404
    assert untouched(match)


def test_m6_only_unsubscribing_asks_for_no_token(app: Flask) -> None:
    """W1."""
    assert csrf._exempt_views == {"app.web.public.mailed.unsubscribe_now"}
    assert csrf._exempt_blueprints == set()
