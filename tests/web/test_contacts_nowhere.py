"""A contact is on no other page, in no mail, no export, no command and no log (docs/domain.md, "Do no harm" 3)."""

from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from app.actions import exports
from app.contact_words import OpeningReason
from app.database import session
from app.mail.messages import kind_of
from app.mail.messages.rendering import Draft
from app.mail.outbox import Message
from app.models import FamilyContact, Match, OutgoingMail, Prisoner
from app.queries.accounts import viewer_of
from app.transaction import transaction
from app.vocabulary import MatchState, Publicity, StaffRole
from app.watch_words import ExportSubject
from tests.database.cli.runner import run
from tests.database.mail.letters import queue_for, somebody_for
from tests.factories import fresh, make_contact, make_coordinator, make_match, make_prisoner, make_sponsor
from tests.web.browsing import browser_of, token_of
from tests.web.test_access import TABLE, Scene, path_of

MARK = "PLANTED"
SEALED: dict[str, Any] = {name: f"{MARK}-{name}" for name in ("name", "language", "reach", "may_say", "agreement")}
FETCHED = sorted(endpoint for method, endpoint in TABLE if method == "GET")
OPTIONS = ("--json",)


def _plant(prisoner_id: str) -> FamilyContact:
    session().rollback()
    return make_contact(prisoner=session().get_one(Prisoner, prisoner_id), **SEALED)


def _told(text: str) -> bool:
    """Whether anything sealed stands there; the marker alone is what was searched for."""
    return any(value in text for value in SEALED.values())


@pytest.mark.slow
def test_p1_no_page_that_can_be_fetched_or_searched_shows_a_contact_to_anybody(app: Flask, scene: Scene) -> None:
    planted = _plant(scene.ids["prisoner_id"])
    ids = scene.ids | {"contact_id": planted.id}
    paths = {endpoint: path_of(app, endpoint, ids) for endpoint in FETCHED}

    told = [
        (endpoint, person)
        for endpoint, path in paths.items()
        for person, browser in scene.browsers.items()
        for asked in ({}, {"q": MARK})
        if _told(browser.get(path, query_string=asked).get_data().decode(errors="replace"))
    ]

    assert told == []


@pytest.mark.parametrize("message", Message)
def test_p1_no_mail_says_anything_of_a_contact(app: Flask, message: Message) -> None:
    account_id, match_id = somebody_for(message)
    about = session().get(Match, match_id) if match_id else make_match()
    assert about is not None
    _plant(about.prisoner_id)
    mail = session().get_one(OutgoingMail, queue_for(message, account_id, match_id))

    written = kind_of(mail).render(Draft(mail, "a-token" if kind_of(mail).token else None))

    assert MARK not in str(written)


@pytest.mark.parametrize("subject", ExportSubject)
def test_p1_no_export_holds_a_contact(app: Flask, subject: ExportSubject) -> None:
    match = make_match(state=MatchState.ACTIVE)
    _plant(match.prisoner_id)
    staff = make_coordinator(caseload=[match.prisoner])

    with transaction():
        asked = exports.ask(subject=subject, reason="For the board", by=viewer_of(fresh(staff))).id
    with transaction():
        file = exports.download(export_id=asked, by=viewer_of(fresh(staff)))

    assert len(file.splitlines()) > 1
    assert MARK not in file
    assert "contact" not in file


def test_p1_no_command_prints_a_contact(app: Flask, tmp_path: Path) -> None:
    match = make_match(state=MatchState.ACTIVE, prisoner=make_prisoner(publicity=Publicity.PUBLIC))
    office = make_coordinator(roles=StaffRole, email="runs@example.org")
    ids = match.prisoner_id, match.sponsor_id
    _plant(match.prisoner_id)

    commands: list[tuple[str, ...]] = [
        ("prisoners", "list", *OPTIONS),
        ("prisoners", "show", ids[0], *OPTIONS),
        ("sponsors", "show", ids[1], *OPTIONS),
        ("match", "run", "--kind", "letter_writer", "--apply", *OPTIONS),
        ("match", "explain", *ids, *OPTIONS),
        ("prisoners", "event", ids[0], "--type", "release", "--source", "a list", "--by", office.email, *OPTIONS),
        ("keys", "rotate", *OPTIONS),
        ("audit", "verify", *OPTIONS),
    ]
    for command in commands:
        session().rollback()
        said = run(app, *command)
        assert said.exit_code in (0, 1), said.stderr
        assert MARK not in said.output + said.stderr


def test_p3_recording_and_opening_a_contact_leave_nothing_in_the_log(
    app: Flask, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    prisoner = make_prisoner()
    client = browser_of(app, make_coordinator(caseload=[prisoner]))
    path = f"/desk/prisoners/{prisoner.id}/contacts"
    form = SEALED | {"kind": "lawyer", "agreed_on": "2026-01-01", "no_helper": "y"}
    client.post(f"{path}/new", data=form | {"csrf_token": token_of(client, f"{path}/new")})
    session().rollback()
    one = f"{path}/{session().scalars(select(FamilyContact.id)).one()}"
    reason = {"reason": OpeningReason.OTHER.value, "words": f"{MARK}-reason", "csrf_token": token_of(client, one)}

    opened = client.post(one, data=reason)

    assert opened.text.count(MARK) >= len(SEALED)
    assert MARK not in caplog.text + "".join(capfd.readouterr())


def test_z3_no_sponsor_reads_of_a_contact_where_they_read_of_the_prisoner(app: Flask) -> None:
    match = make_match(sponsor=make_sponsor(), state=MatchState.ACTIVE)
    _plant(match.prisoner_id)
    client = browser_of(app, match.sponsor.account)

    for page in ("/home", f"/home/{match.id}", f"/home/{match.id}/letter"):
        assert MARK not in client.get(page).text
        assert "/contacts" not in client.get(page).text
