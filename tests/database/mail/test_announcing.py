"""Over an open connection the server hears of the next mail while we look whether it goes (M2, M3)."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from itertools import chain, repeat

import pytest
from flask import Flask

from app.clock import now
from app.database import session
from app.mail.building import Envelope
from app.mail.connection import MailConnection
from app.mail.delivery import DeliveryCounts
from app.mail.outcomes import Outcome, Result
from app.models import OutgoingMail
from app.transaction import transaction
from app.vocabulary import OutgoingState
from tests.database.mail.post import deliver, message_id, queue, row
from tests.smtp_peer import DROP, HANG, Script, SmtpPeer

USUAL = None


def second_time(happening: str) -> Callable[[], str | None]:
    """As usual with the first mail, so with the second, and as usual with all after it."""
    happenings = chain([USUAL, happening], repeat(USUAL))
    return lambda: next(happenings)


def _close_account(mail_id: str) -> None:
    with transaction():
        session().get_one(OutgoingMail, mail_id).account.disabled_at = now()


def _become_unfit(mail_id: str) -> None:
    """Let the mail be one that does not concern its recipient: nobody has vetted them."""
    with transaction():
        session().get_one(OutgoingMail, mail_id).message = "sponsor_vetted"


@pytest.mark.parametrize("unfit", [_close_account, _become_unfit])
def test_m3_the_server_never_hears_the_address_of_a_mail_that_does_not_go(
    app: Flask, peer: SmtpPeer, unfit: Callable[[str], None]
) -> None:
    ids = queue(3)
    unfit(ids[1])
    asked: list[str] = []
    peer.script.rcpt = lambda: asked.append("RCPT")

    assert deliver() == DeliveryCounts(sent=2, suppressed=1)
    assert len(asked) == 2
    assert peer.taken() == {message_id(mail_id): 1 for mail_id in (ids[0], ids[2])}
    assert peer.connections == 1


def test_what_was_announced_last_and_does_not_go_leaves_nothing_behind(app: Flask, peer: SmtpPeer) -> None:
    ids = queue(2)
    _become_unfit(ids[1])

    assert deliver() == DeliveryCounts(sent=1, suppressed=1)
    assert peer.taken() == {message_id(ids[0]): 1}


@pytest.mark.parametrize(
    ("step", "happening", "state", "reason"),
    [
        ("mail", "451 later", OutgoingState.WAITING, "smtp_451"),
        ("mail", "550 5.1.8 not you", OutgoingState.WAITING, "smtp_550"),
        ("rcpt", "550 5.1.1 nobody", OutgoingState.FAILED, "recipient_refused"),
        ("data", "554 no", OutgoingState.FAILED, "content_refused"),
        ("content", DROP, OutgoingState.IN_DOUBT, "connection_lost"),
        ("taken", DROP, OutgoingState.IN_DOUBT, "connection_lost"),
    ],
    ids=["MAIL for now", "MAIL for good", "RCPT", "DATA", "in DATA", "after DATA"],
)
def test_what_is_wrong_with_an_announced_mail_is_told_as_ever_and_the_others_go(
    app: Flask, peer: SmtpPeer, step: str, happening: str, state: OutgoingState, reason: str
) -> None:
    [first, second, third] = queue(3)
    peer.script = Script(**{step: second_time(happening)})

    counts = deliver()

    assert counts.sent == 2
    assert (row(second).state, row(second).reason) == (state, reason)
    assert {row(first).state, row(third).state} == {OutgoingState.SENT}


@pytest.mark.parametrize("happening", [DROP, "421 closing"])
def test_a_server_that_had_closed_the_connection_is_asked_again_at_once(
    app: Flask, peer: SmtpPeer, happening: str
) -> None:
    ids = queue(3)
    peer.script.mail = second_time(happening)

    assert deliver() == DeliveryCounts(sent=3)
    assert peer.taken() == {message_id(mail_id): 1 for mail_id in ids}
    assert peer.connections == 2


@pytest.mark.slow
def test_a_server_that_falls_silent_at_an_announcement_holds_up_that_mail_alone(app: Flask, peer: SmtpPeer) -> None:
    ids = queue(2)
    peer.script.mail = second_time(HANG)

    assert deliver(timedelta(days=1)) == DeliveryCounts(sent=2)
    assert peer.taken() == {message_id(mail_id): 1 for mail_id in ids}


@pytest.fixture
def connection(app: Flask, peer: SmtpPeer) -> Iterator[MailConnection]:
    """A connection over which a first mail has gone."""
    with MailConnection() as connection:
        assert connection.hand_over(_mail("a@example.org", "b@example.org")) == Result(Outcome.DELIVERED)
        yield connection


def _mail(sender: str, recipient: str) -> Envelope:
    return Envelope(sender, recipient, b"Message-ID: <1@x>\r\n\r\nhello\r\n")


def test_a_mail_goes_as_it_is_handed_over_whatever_was_announced(connection: MailConnection, peer: SmtpPeer) -> None:
    """M7: never one mail's address with another's content."""
    connection.announce("a@example.org")
    connection.address("somebody.else@example.org")

    assert connection.hand_over(_mail("a@example.org", "c@example.org")) == Result(Outcome.DELIVERED)
    assert [mail.recipients for mail in peer.mails] == [("b@example.org",), ("c@example.org",)]


def test_what_was_announced_twice_goes_once(connection: MailConnection, peer: SmtpPeer) -> None:
    connection.announce("a@example.org")
    connection.announce("d@example.org")
    connection.address("c@example.org")

    assert connection.hand_over(_mail("d@example.org", "c@example.org")) == Result(Outcome.DELIVERED)
    assert [mail.sender for mail in peer.mails] == ["a@example.org", "d@example.org"]
