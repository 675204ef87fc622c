"""`flask mail …` as outsiders rely on it: exits, the one JSON object, and a person's word on what is in doubt."""

import json
from datetime import timedelta

import pytest
from click.testing import Result
from flask import Flask
from sqlalchemy import select

from app.database import session
from app.mail.claims import LEASE, claim_next
from app.models import AuditEvent
from app.transaction import transaction
from app.vocabulary import OutgoingState
from tests.database.mail.post import NOON, deliver, message_id, queue, row, settings
from tests.factories import make_account, make_coordinator, make_sponsor
from tests.smtp_peer import DROP, SmtpPeer

ALL_NONE = {"sent": 0, "waiting": 0, "failed": 0, "suppressed": 0, "in_doubt": 0}


def _flask(app: Flask, *arguments: str) -> Result:
    session().rollback()
    return app.test_cli_runner().invoke(args=["mail", *arguments])


def test_delivering_prints_what_became_of_the_mails(app: Flask, peer: SmtpPeer) -> None:
    queue(3)

    result = _flask(app, "deliver", "--json", "--limit", "2", "--now", NOON.isoformat())

    assert (result.exit_code, json.loads(result.stdout)) == (0, ALL_NONE | {"sent": 2})


def test_delivering_before_anything_is_due_sends_nothing(app: Flask, peer: SmtpPeer) -> None:
    queue()

    result = _flask(app, "deliver", "--json", "--now", (NOON - timedelta(hours=1)).isoformat())

    assert json.loads(result.stdout) == ALL_NONE


def test_delivering_follows_the_clock_that_is_set(app: Flask, peer: SmtpPeer) -> None:
    """Leases and delays use the set clock."""
    [mail_id] = queue()
    peer.script.rcpt = "451 later"
    _flask(app, "deliver", "--now", NOON.isoformat())
    peer.script.rcpt = None

    soon = _flask(app, "deliver", "--json", "--now", (NOON + timedelta(seconds=59)).isoformat())
    later = _flask(app, "deliver", "--json", "--now", (NOON + timedelta(seconds=60)).isoformat())

    assert (json.loads(soon.stdout)["sent"], json.loads(later.stdout)["sent"]) == (0, 1)
    assert row(mail_id).sent_at == NOON + timedelta(seconds=60)


def test_a_paused_queue_says_so_beside_the_answer(app: Flask) -> None:
    queue()
    with settings(app, mail_port=1):
        result = _flask(app, "deliver", "--json", "--now", NOON.isoformat())

    assert json.loads(result.stdout) == ALL_NONE | {"waiting": 1}
    assert "paused until 2026-11-22T12:01:00+00:00" in result.stderr


def test_the_status_is_a_number_for_each_state(app: Flask, peer: SmtpPeer) -> None:
    queue(2)
    _flask(app, "deliver", "--limit", "1", "--now", NOON.isoformat())

    result = _flask(app, "status", "--json")

    assert (result.exit_code, json.loads(result.stdout)) == (
        0,
        {"queued": 1, "sending": 0, "sent": 1, "waiting": 0, "failed": 0, "suppressed": 0, "in_doubt": 0},
    )


def test_the_status_for_people_names_what_is_in_doubt(app: Flask) -> None:
    mail_id = _in_doubt()

    assert f"in doubt: {mail_id}  already_registered  lease_ran_out" in _flask(app, "status").stdout


def _in_doubt() -> str:
    [mail_id] = queue()
    with transaction():
        assert claim_next(NOON) is not None
    deliver(LEASE * 2)
    return mail_id


def test_a_person_says_that_it_went(app: Flask, peer: SmtpPeer) -> None:
    mail_id = _in_doubt()

    result = _flask(app, "resolve", mail_id, "sent", "--now", NOON.isoformat())

    assert (result.exit_code, result.stdout) == (0, "")
    assert (row(mail_id).state, row(mail_id).sent_at) == (OutgoingState.SENT, NOON)
    assert deliver(timedelta(days=1)).moved == 0


def test_a_person_has_it_sent_again_under_the_same_message_id(app: Flask, peer: SmtpPeer) -> None:
    """M1: the Message-ID is unchanged, so that a mail program can see the two are one."""
    [mail_id] = queue()
    peer.script.taken = DROP
    deliver()
    peer.script.taken = None

    result = _flask(app, "resolve", mail_id, "requeue", "--now", NOON.isoformat())

    assert result.exit_code == 0
    assert deliver().sent == 1
    assert peer.taken() == {message_id(mail_id): 2}


def test_settling_a_mail_stands_in_the_audit_trail(app: Flask) -> None:
    mail_id = _in_doubt()

    _flask(app, "resolve", mail_id, "requeue")

    event = session().scalars(select(AuditEvent)).one()
    assert event.by_account_id is None
    assert (event.action, event.entity, event.entity_id, event.fields) == (
        "resolve_mail_requeue",
        "outgoing_mail",
        mail_id,
        ["state"],
    )


def test_whoever_is_named_settles_it_and_stands_in_the_trail(app: Flask) -> None:
    mail_id = _in_doubt()
    sponsor, mail = make_sponsor(country="FR"), row(mail_id)
    with transaction():
        mail.account_id = sponsor.account_id
    anna = make_coordinator(email="anna@example.org", regions=["FR"])
    make_coordinator(email="other@example.org", regions=["DE"])
    make_account(email="nobody@example.org")

    refused = [
        _flask(app, "resolve", mail_id, "sent", "--by", f"{who}@example.org") for who in ("other", "nobody", "x")
    ]
    settled = _flask(app, "resolve", mail_id, "sent", "--by", "anna@example.org")

    assert [(result.exit_code, result.stderr) for result in refused] == [
        (1, "Error: There is no such mail.\n"),
        (1, "Error: Only coordinators settle mails, and administrators those to staff.\n"),
        (1, "Error: Nobody who may settle mails has this address.\n"),
    ]
    assert settled.exit_code == 0
    assert session().scalars(select(AuditEvent.by_account_id)).all() == [anna.id]


@pytest.mark.parametrize(
    ("arguments", "status", "said"),
    [
        (["resolve", "nothere", "sent"], 2, "Error: There is no mail nothere.\n"),
        (["resolve", "QUEUED", "sent"], 1, "Error: This mail is queued, not in doubt: there is nothing to settle.\n"),
        (
            ["resolve", "QUEUED", "burn"],
            2,
            "Error: Invalid value for 'sent|requeue': 'burn' is not one of 'sent', 'requeue'.\n",
        ),
        (["resolve", "QUEUED"], 2, "Error: Missing argument 'sent|requeue'. Choose from: sent, requeue\n"),
        (["deliver", "--limit", "0"], 2, "Error: Invalid value for '--limit': 0 is not in the range x>=1.\n"),
    ],
)
def test_a_refusal_is_one_line_and_changes_nothing(app: Flask, arguments: list[str], status: int, said: str) -> None:
    [mail_id] = queue()

    result = _flask(app, *(mail_id if argument == "QUEUED" else argument for argument in arguments))

    assert (result.exit_code, result.stderr, result.stdout) == (status, said, "")
    assert row(mail_id).state is OutgoingState.QUEUED
