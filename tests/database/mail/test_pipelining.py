"""A server that offers PIPELINING is asked everything at once; what each answer means stays what it was (M2)."""

import smtplib
from collections.abc import Iterator
from datetime import timedelta

import pytest
from flask import Flask

from app.mail.delivery import DeliveryCounts
from app.vocabulary import OutgoingState
from tests.database.mail.post import deliver, message_id, queue, row, settings
from tests.smtp_peer import DROP, Script, SmtpPeer


@pytest.fixture
def peer(app: Flask) -> Iterator[SmtpPeer]:
    with SmtpPeer(pipelining=True) as peer, settings(app, mail_port=peer.port, mail_timeout_seconds=1):
        yield peer


@pytest.fixture
def writes(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What goes over the wire, one entry for each write."""
    written: list[str] = []
    send = smtplib.SMTP.send

    def note(host: smtplib.SMTP, what: bytes | str) -> None:
        written.append(what if isinstance(what, str) else what.decode())
        send(host, what)

    monkeypatch.setattr(smtplib.SMTP, "send", note)
    return written


def _questions(writes: list[str]) -> list[list[str]]:
    """The commands of each write that asks about a mail."""
    asked = [[line.split(":")[0] for line in text.splitlines()] for text in writes]
    return [commands for commands in asked if commands[0] in ("MAIL FROM", "RCPT TO", "DATA")]


def test_a_server_that_offers_it_is_asked_in_one_write(app: Flask, peer: SmtpPeer, writes: list[str]) -> None:
    ids = queue(2)

    assert deliver() == DeliveryCounts(sent=2)
    assert peer.taken() == {message_id(mail_id): 1 for mail_id in ids}
    assert _questions(writes) == [["MAIL FROM", "RCPT TO", "DATA"]] * 2


def test_a_server_that_does_not_offer_it_is_asked_in_turn(app: Flask, writes: list[str]) -> None:
    queue()
    with SmtpPeer() as peer, settings(app, mail_port=peer.port):
        assert deliver() == DeliveryCounts(sent=1)

    assert _questions(writes) == [["MAIL FROM"], ["RCPT TO"], ["DATA"]]


@pytest.mark.parametrize(
    ("script", "state", "reason"),
    [
        (Script(mail="451 later"), OutgoingState.WAITING, "smtp_451"),
        (Script(mail="550 5.1.8 not you"), OutgoingState.WAITING, "smtp_550"),
        (Script(rcpt="452 4.2.2 full"), OutgoingState.WAITING, "smtp_452"),
        (Script(rcpt="550 5.1.1 no such mailbox"), OutgoingState.FAILED, "recipient_refused"),
        (Script(rcpt="550 5.7.1 listed"), OutgoingState.FAILED, "policy_refused"),
        (Script(data="451 later"), OutgoingState.WAITING, "smtp_451"),
        (Script(data="554 no"), OutgoingState.FAILED, "content_refused"),
        (Script(content="554 5.6.0 no"), OutgoingState.FAILED, "content_refused"),
    ],
)
def test_the_first_refusal_says_what_becomes_of_the_mail_and_the_next_one_goes(
    app: Flask, peer: SmtpPeer, script: Script, state: OutgoingState, reason: str
) -> None:
    [refused, fine] = queue(2)
    peer.script = script

    deliver(limit=1)
    assert (row(refused).state, row(refused).reason) == (state, reason)
    peer.script = Script()

    assert deliver() == DeliveryCounts(sent=1)
    assert peer.taken() == {message_id(fine): 1}


def test_several_refused_in_a_row_are_told_apart_over_one_connection(app: Flask, peer: SmtpPeer) -> None:
    ids = queue(4)
    answers = iter([None, "550 5.1.1 nobody", None, "550 5.1.1 nobody"])
    peer.script.rcpt = lambda: next(answers, None)

    assert deliver() == DeliveryCounts(failed=2, sent=2)
    assert [row(mail_id).state.value for mail_id in ids] == ["sent", "failed", "sent", "failed"]
    assert peer.connections == 1


def test_a_server_that_waits_for_a_mail_whose_recipient_it_refused_gets_none(app: Flask, peer: SmtpPeer) -> None:
    """RFC 2920, 3.1: it may. Only hanging up makes sure that what follows is not taken for that mail."""
    [refused, fine] = queue(2)
    answers = iter(["550 5.1.1 nobody"])
    peer.script.rcpt = lambda: next(answers, None)
    go_ahead = iter(["354 go on"])
    peer.script.data = lambda: next(go_ahead, None)

    assert deliver() == DeliveryCounts(failed=1, sent=1)
    assert row(refused).reason == "recipient_refused"
    assert peer.taken() == {message_id(fine): 1}
    assert peer.connections == 2


@pytest.mark.parametrize(
    ("script", "state"),
    [
        (Script(rcpt=DROP), OutgoingState.WAITING),
        (Script(content=DROP), OutgoingState.IN_DOUBT),
        (Script(taken=DROP), OutgoingState.IN_DOUBT),
    ],
    ids=["before DATA", "in DATA", "after DATA"],
)
def test_only_a_mail_that_was_on_its_way_is_in_doubt(
    app: Flask, peer: SmtpPeer, script: Script, state: OutgoingState
) -> None:
    [mail_id] = queue()
    peer.script = script

    deliver()

    assert (row(mail_id).state, row(mail_id).reason) == (state, "connection_lost")


def test_a_server_that_refuses_and_hangs_up_has_refused(app: Flask, peer: SmtpPeer) -> None:
    [mail_id] = queue()
    peer.script = Script(rcpt="550 5.1.1 nobody", data=DROP)

    assert deliver(timedelta(days=1)) == DeliveryCounts(failed=1)
    assert row(mail_id).reason == "recipient_refused"
