"""Attackers who get hold of a thing: a disk, a backup, a mailbox, a wire."""

import dataclasses
import re
import secrets
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select

from app import create_app
from app.database import session
from app.errors import SealBroken
from app.extensions import db
from app.mail.delivery import DeliveryCounts
from app.mail.messages import KINDS, kind_of
from app.mail.messages.rendering import Draft
from app.mail.outbox import Message
from app.models import LoginSession, Match, OutgoingMail, Sponsor
from tests.attackers.secrets import RESTRICTED, SEALED, plant, told
from tests.attackers.walking import everything_reached
from tests.conftest import Browser, make_settings
from tests.database.mail.letters import queue_for, somebody_for
from tests.database.mail.post import deliver, queue, settings
from tests.factories import make_login
from tests.smtp_peer import SmtpPeer
from tests.stored import everything_stored

pytestmark = pytest.mark.slow


def test_p1_a_stolen_disk_shows_no_address_no_contact_no_note_and_no_fact(app: Flask) -> None:
    """Also in the log of the database, in its free pages and in whatever else lies in the instance folder."""
    plant()

    assert told(everything_stored(), SEALED) == []


def test_p1_a_stolen_backup_is_opened_by_no_other_key(app: Flask) -> None:
    """Whoever restores it elsewhere, with keys of their own, opens nothing."""
    programme = plant()
    sponsor_id = programme.sponsor.id
    settings = app.config["VESTKA"]
    app.config["VESTKA"] = dataclasses.replace(settings, seal_keys=(("tests", secrets.token_bytes(32)),))
    try:
        session().rollback()
        with pytest.raises(SealBroken):
            assert session().get_one(Sponsor, sponsor_id).conflict_notes
    finally:
        app.config["VESTKA"] = settings


def test_a7_a_stolen_backup_opens_no_session_and_holds_no_link(app: Flask) -> None:
    """Sessions and mailed links are digests: what stands in the table opens nothing."""
    programme = plant()
    token = make_login(programme.sponsor.account)
    stored = session().scalars(select(LoginSession.token_hash).order_by(LoginSession.created_at.desc())).all()
    client = app.test_client()
    with client.session_transaction() as cookie:
        cookie["_user_id"], cookie["_fresh"] = stored[0], True

    assert client.get("/home").location.startswith("/login")
    assert token not in everything_stored()


@pytest.mark.parametrize("message", KINDS)
def test_z3_a_leaked_mailbox_names_no_prisoner_no_family_and_no_other_person(app: Flask, message: Message) -> None:
    plant()
    account_id, match_id = somebody_for(message)
    mail = session().get_one(OutgoingMail, queue_for(message, account_id, match_id))
    about = session().get_one(Match, match_id) if match_id else None
    names = (about.prisoner.name, about.prisoner.shown_name, about.sponsor.name) if about else ()

    written = kind_of(mail).render(Draft(mail, "a-token" if kind_of(mail).token else None))

    assert told(f"{written.subject} {written.text} {written.html}", (*RESTRICTED, *names)) == []


def test_w6_w7_a_watcher_of_the_network_sees_no_cookie_in_the_clear_and_no_other_site_asked(
    app: Flask, tmp_path: Path
) -> None:
    """Over https; what they still see is that somebody talks to us, when, and how much."""
    plant()
    url = app.config["VESTKA"].database_url
    inside = create_app(make_settings(tmp_path, url, public_url="https://vestka.example"))
    inside.test_client_class = Browser

    pages = everything_reached(inside.test_client(), "/", "/people", "/signup", "/login", base="https://vestka.example")
    with inside.app_context():
        db.engine.dispose()

    assert len(pages) > 5
    for path, text in pages.items():
        assert "Strict-Transport-Security: max-age=" in text, path
        fetched = re.findall(r'(?:src|action|srcset)="([^"]+)"|<link[^>]+href="([^"]+)"', text)
        assert not [one for pair in fetched for one in pair if "//" in one.removeprefix("https://vestka.example")], path
        for cookie in re.findall(r"Set-Cookie: ([^\n]+)", text):
            assert cookie.startswith("__Host-"), path
            assert "Secure" in cookie, path


def test_m7_a_watcher_who_strips_tls_from_the_way_to_the_mail_server_reads_no_mail(app: Flask) -> None:
    queue(2)

    with SmtpPeer() as peer, settings(app, mail_port=peer.port, mail_tls="starttls"):
        counts = deliver()

    assert counts == DeliveryCounts(waiting=1)
    assert peer.tried == 0
