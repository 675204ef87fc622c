"""What a mail server refuses, for now or for good, and what becomes of the mail and of the queue (M2)."""

from datetime import timedelta

import pytest
from flask import Flask

from app.mail.delivery import DeliveryCounts
from app.mail.outcomes import LOGIN_PAUSE, MOST_LOSSES
from app.vocabulary import OutgoingState
from tests.database.mail.post import NOON, deliver, message_id, queue, row, settings
from tests.factories import make_account
from tests.smtp_peer import DROP, HANG, Script, SmtpPeer

MINUTE = timedelta(minutes=1)


@pytest.mark.parametrize(
    ("script", "reason"),
    [
        (Script(mail="421 4.3.2 closing"), "smtp_421"),
        (Script(mail="550 5.1.8 we do not like the sender"), "smtp_550"),
        (Script(rcpt="451 4.3.0 later"), "smtp_451"),
        (Script(rcpt="452 4.2.2 mailbox full"), "smtp_452"),
        (Script(rcpt="552 mailbox full"), "smtp_552"),
        (Script(rcpt=DROP), "connection_lost"),
        (Script(data="451 later"), "smtp_451"),
        (Script(data=DROP), "connection_lost"),
        (Script(content="451 later"), "smtp_451"),
    ],
    ids=lambda value: value if isinstance(value, str) else None,
)
def test_a_refusal_for_now_waits_longer_each_time(app: Flask, peer: SmtpPeer, script: Script, reason: str) -> None:
    """M2: growing, capped delays; the mail goes in the end, under the same Message-ID."""
    [mail_id] = queue()
    peer.script = script
    at, delays = timedelta(), []

    for _try in range(3):
        assert deliver(at) == DeliveryCounts(waiting=1)
        assert row(mail_id).reason == reason
        delays.append(row(mail_id).due_at - (NOON + at))
        assert deliver(at) == DeliveryCounts()
        at += delays[-1]
    peer.script = Script()

    assert delays == [MINUTE, 2 * MINUTE, 4 * MINUTE]
    assert deliver(at) == DeliveryCounts(sent=1)
    assert peer.taken() == {message_id(mail_id): 1}


@pytest.mark.slow
def test_a_server_that_stops_answering_before_the_mail_is_asked_again_later(app: Flask, peer: SmtpPeer) -> None:
    """M2."""
    [mail_id] = queue()
    peer.script.rcpt = HANG

    assert deliver() == DeliveryCounts(waiting=1)
    assert row(mail_id).reason == "connection_lost"


@pytest.mark.parametrize("script", [Script(content=DROP), Script(taken=DROP)], ids=["before taking", "after taking"])
def test_a_connection_lost_once_the_mail_is_on_its_way_leaves_it_in_doubt(
    app: Flask, peer: SmtpPeer, script: Script
) -> None:
    """M2: dropped after DATA. It may have been taken, so it is never sent again by itself."""
    [mail_id, next_id] = queue(2)
    peer.script = script

    assert deliver(limit=1) == DeliveryCounts(in_doubt=1)
    peer.script = Script()

    assert deliver(timedelta(days=10)) == DeliveryCounts(sent=1)
    assert (row(mail_id).state, row(mail_id).reason) == (OutgoingState.IN_DOUBT, "connection_lost")
    assert peer.taken()[message_id(mail_id)] <= 1
    assert peer.taken()[message_id(next_id)] == 1


@pytest.mark.slow
def test_a_server_silent_after_the_mail_leaves_it_in_doubt(app: Flask, peer: SmtpPeer) -> None:
    """M2."""
    [mail_id] = queue()
    peer.script.taken = HANG

    assert deliver() == DeliveryCounts(in_doubt=1)
    assert row(mail_id).state is OutgoingState.IN_DOUBT


def test_a_mailbox_refused_for_good_fails_its_mail_and_gets_no_other(app: Flask, peer: SmtpPeer) -> None:
    """M2: 550 is not retried, and the address is suppressed."""
    account = make_account()
    [mail_id] = queue(account_id=account.id, occasion="first")
    peer.script.rcpt = "550 5.1.1 no such mailbox"
    assert deliver() == DeliveryCounts(failed=1)
    peer.script = Script()
    [second_id] = queue(account_id=account.id, occasion="second")

    assert deliver(timedelta(days=30)) == DeliveryCounts(suppressed=1)
    assert (row(mail_id).state, row(mail_id).reason) == (OutgoingState.FAILED, "recipient_refused")
    assert row(second_id).reason == "address_refused"
    assert peer.mails == []
    assert peer.tried == 1


@pytest.mark.parametrize(
    ("script", "reason"),
    [
        (Script(rcpt="550 5.7.1 your network is listed"), "policy_refused"),
        (Script(content="554 5.6.0 not like this"), "content_refused"),
    ],
    ids=["policy", "content"],
)
def test_a_refusal_that_is_not_about_the_mailbox_ends_only_this_mail(
    app: Flask, peer: SmtpPeer, script: Script, reason: str
) -> None:
    account = make_account()
    [mail_id] = queue(account_id=account.id, occasion="first")
    peer.script = script
    assert deliver() == DeliveryCounts(failed=1)
    assert row(mail_id).reason == reason
    peer.script = Script()
    queue(account_id=account.id, occasion="second")

    assert deliver() == DeliveryCounts(sent=1)


def test_one_refused_mail_holds_up_no_other_and_keeps_the_connection(app: Flask, peer: SmtpPeer) -> None:
    [refused, *others] = queue(4)
    answers = iter(["550 no such mailbox"])
    peer.script.rcpt = lambda: next(answers, None)

    assert deliver() == DeliveryCounts(failed=1, sent=3)
    assert row(refused).state is OutgoingState.FAILED
    assert peer.taken() == {message_id(mail_id): 1 for mail_id in others}
    assert peer.connections == 1


def test_a_connection_closed_between_two_mails_is_opened_again_without_burning_an_attempt(
    app: Flask, peer: SmtpPeer
) -> None:
    ids = queue(3)
    answers = iter([None, DROP, None, "421 enough for one connection"])
    peer.script.mail = lambda: next(answers, None)

    assert deliver() == DeliveryCounts(sent=3)
    assert {row(mail_id).attempts for mail_id in ids} == {1}
    assert peer.connections == 3


def test_a_refused_login_pauses_the_queue_and_burns_no_attempt(app: Flask) -> None:
    """M2: 535."""
    ids = queue(3)
    with SmtpPeer(login=("vestka", "right")) as peer:
        wrong = {"mail_port": peer.port, "mail_username": "vestka", "mail_password": "wrong"}
        with settings(app, **wrong):
            assert deliver() == DeliveryCounts(waiting=1)
            assert deliver(LOGIN_PAUSE - MINUTE) == DeliveryCounts()
            assert peer.connections == 1
        assert {row(mail_id).attempts for mail_id in ids} == {0}
        with settings(app, **wrong | {"mail_password": "right"}):
            assert deliver(LOGIN_PAUSE) == DeliveryCounts(sent=3)
    assert peer.taken() == {message_id(mail_id): 1 for mail_id in ids}


@pytest.mark.slow
@pytest.mark.parametrize("banner", [HANG, DROP, "421 4.3.2 busy", "554 5.3.2 go away"])
def test_a_server_out_of_reach_is_knocked_at_rarely_and_loses_nothing(app: Flask, peer: SmtpPeer, banner: str) -> None:
    """M2: a hanging banner. One mail knocks for all: the others wait their turn untouched."""
    ids = queue(3)
    peer.script.banner = banner

    assert deliver() == DeliveryCounts(waiting=1)
    assert deliver(timedelta(seconds=59)) == DeliveryCounts()
    assert deliver(MINUTE) == DeliveryCounts(waiting=1)
    assert deliver(2 * MINUTE) == DeliveryCounts()
    assert peer.connections == 2
    assert [row(mail_id).attempts for mail_id in ids] == [2, 0, 0]
    peer.script = Script()

    assert deliver(3 * MINUTE) == DeliveryCounts(sent=3)


def test_a_server_that_is_not_there_pauses_the_queue(app: Flask, peer: SmtpPeer) -> None:
    queue(2)
    with settings(app, mail_port=1):
        assert deliver() == DeliveryCounts(waiting=1)

    assert deliver(MINUTE) == DeliveryCounts(sent=2)


def test_a_server_that_breaks_off_over_every_mail_puts_three_in_doubt_and_pauses_the_queue(
    app: Flask, peer: SmtpPeer
) -> None:
    """M2: dropped after DATA, again and again. After each pause, longer than the one before, one mail knocks."""
    ids = queue(12)
    peer.script.taken = DROP

    assert deliver() == DeliveryCounts(in_doubt=MOST_LOSSES)
    assert deliver(4 * MINUTE - timedelta(seconds=1)) == DeliveryCounts()
    assert deliver(4 * MINUTE) == DeliveryCounts(in_doubt=1)
    assert deliver(12 * MINUTE - timedelta(seconds=1)) == DeliveryCounts()
    peer.script = Script()

    assert deliver(12 * MINUTE) == DeliveryCounts(sent=8)
    assert [row(mail_id).state for mail_id in ids] == [OutgoingState.IN_DOUBT] * 4 + [OutgoingState.SENT] * 8
    assert {row(mail_id).attempts for mail_id in ids} == {1}
    assert peer.taken() == {message_id(mail_id): 1 for mail_id in ids}


def test_losses_count_across_deliveries_and_workers(app: Flask, peer: SmtpPeer) -> None:
    """M2: a queue that fills one mail at a time is no way around the pause."""
    queue(6)
    peer.script.content = DROP

    assert [deliver(limit=1).in_doubt for _ in range(5)] == [1, 1, 1, 0, 0]


def test_a_mail_that_arrives_between_two_losses_shows_that_the_server_works(app: Flask, peer: SmtpPeer) -> None:
    """M2: a poison message never blocks the rest."""
    queue(10)
    answers = iter([DROP, DROP, None, DROP, DROP, None, DROP])
    peer.script.content = lambda: next(answers, None)

    assert deliver() == DeliveryCounts(in_doubt=5, sent=5)


def test_a_pause_that_a_clock_set_ahead_has_made_holds_nobody(app: Flask, peer: SmtpPeer) -> None:
    queue(2)
    with settings(app, mail_port=1):
        assert deliver(timedelta(days=30)) == DeliveryCounts(waiting=1)

    assert deliver() == DeliveryCounts(sent=1)
